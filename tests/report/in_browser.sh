#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# in_browser.sh FAKE_REPORT DELTAW TRIALS FEATURES SPIKES SEQUENCE: opens reports of made-up results,
# and of the experiments TRIALS, FEATURES, SEQUENCE and the protocols in the folder SPIKES run by
# DELTAW, in headless Chromium and looks at what their scripts made of them. Exit status 77, skipped,
# where Chromium is not installed.
set -eu

. "$(dirname "$0")/browser.sh"

# What opens the numbers behind every figure, names on the page each figure that has none, and
# takes away the tables that came.
open_data='<script>
const tables = new Set(document.querySelectorAll("table"));
for (const summary of document.querySelectorAll("figure > details > summary")) summary.parentElement.open = true;
setTimeout(() => {
  const without = [...document.querySelectorAll("figure")].filter(figure => !figure.querySelector("details td"));
  document.documentElement.dataset.without = without.map(figure => figure.querySelector("h3").textContent).join("; ");
  for (const table of document.querySelectorAll("table")) if (!tables.has(table)) table.remove();
}, 1000);
</script>'

# dom FOLDER: the page after its scripts ran.
dom() {
  { cat "$1/report.html"; echo "$open_data"; } >"$scratch/opened.html"
  browse "$scratch/opened.html" --dump-dom >"$scratch/dom.html"
  if ! grep -q 'data-without=""' "$scratch/dom.html"; then
    echo "FAILED: $1: figures without data: $(grep -o 'data-without="[^"]*"' "$scratch/dom.html")"
    failures=$((failures + 1))
  fi
  # What the scripts made, without the scripts themselves.
  sed -e '/^<script>/,/<\/script>/d' -e '/<script type="application\/json"/,/<\/script>/d' \
    -e 's/<section/\n<section/g' -e 's/<\/section>/\n<\/section>/g' \
    "$scratch/dom.html" >"$scratch/page.html"
}

count() { grep -o -- "$1" "$scratch/page.html" | wc -l; }

expect() {  # WHAT FOUND WANTED
  if [ "$2" -ne "$3" ]; then
    echo "FAILED: $1: expected $3, found $2"
    failures=$((failures + 1))
  fi
}

# in_section ID PATTERN: how often it occurs there.
in_section() {
  sed -n "/<section id=\"$1\"/,/<\/section>/p" "$scratch/page.html" | grep -o -- "$2" | wc -l
}

expect_text() {
  if ! grep -qF -- "$1" "$scratch/page.html"; then
    echo "FAILED: the page lacks: $1"
    failures=$((failures + 1))
  fi
}

expect_no_errors() {
  expect "pages that ran to their end" "$(count '<html[^>]*data-ready="true"')" 1
  expect "pages with script errors" "$(count '<html[^>]*data-errors=')" 0
  sed -n 's/.*\(data-errors="[^"]*\).*/\1/p' "$scratch/page.html" | head -n 5
}

"$1" "$scratch/plain" 7
dom "$scratch/plain"
expect_no_errors
# Standings 2, learning curves 4, ends 2, differences 2, confusions 3.
expect "charts" "$(count '<svg[^>]* role="img"')" 13
expect "curves and their bands" "$(in_section curves '<g aria-label="area"')" 12
expect "cells of three rules beside each other" \
  "$(in_section standings '<title>[a-z-]* over [a-z-]*: [01]')" 6
expect "profiles" "$(in_section standings '<g aria-label="area"')" 3
expect "rows behind the cells, in both directions" \
  "$(in_section standings '<th scope="row">[a-z-]*</th><td>[a-z-]*</td>')" 6
expect_text 'backprop over hebbian-oja: 1.00 [1.00, 1.00], better'
expect_text 'hebbian-oja over backprop: 0.00 [0.00, 0.00], worse'
expect "weight images" "$(count '<canvas[^>]*aria-label="First-layer weights of')" 3
expect "result rows" "$(sed -n '/<section id="table"/,/<\/section>/p' "$scratch/page.html" |
  grep -o '<th scope="row">' | wc -l)" 3
expect "dots of final test accuracies and paired differences" \
  "$(count '<circle')" $((2 * 21 + 2 * 14))
expect "failed runs" "$(count 'Runs that did not finish')" 0
expect "sections of tasks in trials" \
  "$(count '<section id="\(survival\|alignment\|matrices\|activity\|relaxation\)"')" 0
expect_text 'backprop learns best'
expect_text 'deltaw compare experiments/digits.json --seeds 5'
expect_text 'adjusted for the number of rules'

"$1" "$scratch/hostile" 3 '<img src=x onerror="note(1)"></script><script>note(2)</script>'
dom "$scratch/hostile"
expect_no_errors
expect "elements made of data" "$(count '<img')" 0
expect "shown markup in the failed run's message" "$(count 'a lower rate&lt;img src=x onerror=')" 1
expect_text 'Runs that did not finish'
expect_text 'too few seeds'

"$1" "$scratch/single" 1
dom "$scratch/single"
expect_no_errors
expect "charts of one seed" "$(count '<svg[^>]* role="img"')" 13
expect_text 'too few seeds: at least'

# Six rules of which runs finished, three seeds, 36 units, two readouts; a seventh failed.
"$1" "$scratch/features" 3 features 36 8 1
dom "$scratch/features"
expect_no_errors
expect "charts of accuracies and losses of networks" \
  "$(count '<section id="\(curves\|ends\|confusion\)"')" 0
expect "paired differences of the first readout" "$(in_section pairs '<svg[^>]* role="img"')" 2
expect "mosaics" "$(in_section weights '<canvas[^>]*role="slider"')" 6
expect "bars of the first unit's classes" "$(in_section weights '<title>class [0-9]: ')" 60
expect "orders of units" "$(in_section weights '<option')" 3
expect "rows of readouts" "$(in_section readouts '<th scope="row">')" 7
expect "dots of readouts" "$(in_section readouts '<circle')" $((2 * 6 * 3))
expect "medians of readouts" "$(in_section readouts '<title>l[a-z]*, [a-z-]*: ')" $((2 * 6))
expect "rows of selectivity" "$(in_section units '<th scope="row">')" 7
expect "dead units of each rule" "$(in_section units '<title>9 dead units')" 6
expect "maps of classes" "$(in_section classes '<image')" 6
expect "counts of ten classes" "$(in_section classes '<th scope="row">[0-9]')" 60
expect "bands of five courses, two of each state" \
  "$(in_section courses '<g aria-label="area"')" $((5 * 6 + 2 * 6))
expect "lines of strengths" "$(in_section lateral '<path[^>]*stroke="#')" 4
expect "points of strengths" "$(in_section lateral '<circle')" $((2 * 5))
expect_text 'some-rule, memory 0.99'
expect_text 'Unit 0: class 0, selects 79 of 500 patterns (15.8 %)'
for word in NaN undefined; do
  expect "'$word' on the page" \
    "$(sed '/<section id="reproduce"/,$d' "$scratch/page.html" | grep -o -- "$word" | wc -l)" 0
done

# A reader's keys and mouse on the first mosaic, in each order of units.
cat >"$scratch/reader.html" <<'END'
<script>
const canvas = document.querySelector("#weights canvas[role=slider]"), choice = document.querySelector("#weights select");
const press = key => canvas.dispatchEvent(new KeyboardEvent("keydown", {key}));
const words = () => canvas.getAttribute("aria-valuetext");
const walk = order => {
  choice.value = order;
  choice.dispatchEvent(new Event("change"));
  press("Home");
  return d3.range(36).map(() => { const text = words(); press("ArrowRight"); return text; });
};
const number = pattern => text => (pattern.test(text) ? Number(text.match(pattern)[1]) : Infinity);
const rises = (list, pattern) => d3.pairs(list.map(number(pattern))).every(([a, b]) => a <= b);
const found = {
  number: rises(walk("unit"), /unit (\d+)/),
  label: rises(walk("label"), /class (\d+)/) && words().includes("selects no pattern"),
  patterns: rises(walk("selectivity"), /selects (\d+)/) && words().includes("selects no pattern"),
};
walk("unit");
press("Home");
press("ArrowDown");
found.down = words().startsWith("unit 6:");
const box = canvas.getBoundingClientRect(), at = {clientX: box.left + 0.4 * box.width, clientY: box.top + 0.4 * box.height};
canvas.dispatchEvent(new PointerEvent("pointermove", at));
found.pointed = words().startsWith("unit 14:") && document.querySelector("#weights .unit p").textContent.startsWith("Unit 14:");
canvas.dispatchEvent(new PointerEvent("pointerleave"));
found.left = words().startsWith("unit 6:");
canvas.dispatchEvent(new MouseEvent("click", at));
canvas.dispatchEvent(new PointerEvent("pointerleave"));
found.clicked = words().startsWith("unit 14:");
document.documentElement.dataset.reader = Object.entries(found).map(([what, is]) => what + "=" + is).join(" ");
</script>
END
mkdir -p "$scratch/reader"
cat "$scratch/features/report.html" "$scratch/reader.html" >"$scratch/reader/report.html"
dom "$scratch/reader"
expect_no_errors
expect_text 'data-reader="number=true label=true patterns=true down=true pointed=true left=true clicked=true"'

# Thousands of units that look at colour images, and texts that are markup.
"$1" "$scratch/thousands" 1 features 2000 32 3 '<img src=x onerror="note(1)">'
dom "$scratch/thousands"
expect_no_errors
expect "elements made of data" "$(count '<img')" 0
expect "mosaics of colour images" "$(in_section weights '<canvas[^>]*role="slider"')" 6
expect_text 'averaged from 32 x 32 to keep the page small'
expect "megabytes beyond twelve" "$(($(wc -c <"$scratch/thousands/report.html") / 12582912))" 0

# Four rules, one of them twice, two seeds, 30 units, two readouts.
OPENBLAS_NUM_THREADS=1 "$2" compare "$4" --jobs 1 --quiet --out "$scratch/learned" >/dev/null
dom "$scratch/learned"
expect_no_errors
expect "charts of accuracies and losses of networks" \
  "$(count '<section id="\(curves\|ends\)"')" 0
expect "confusions of the first readout" "$(in_section confusion '<svg[^>]* role="img"')" 4
expect "mosaics" "$(in_section weights '<canvas[^>]*role="slider"')" 4
expect "rows of readouts" "$(in_section readouts '<th scope="row">')" 4
expect "dots of readouts" "$(in_section readouts '<circle')" $((2 * 4 * 2))
expect "rows of selectivity" "$(in_section units '<th scope="row">')" 4
expect "maps of classes" "$(in_section classes '<image')" 4
expect "bands of five courses, two of each theta" \
  "$(in_section courses '<g aria-label="area"')" $((5 * 4 + 2 * 2))
expect "lines of strengths" "$(in_section lateral '<path[^>]*stroke="#')" 2
expect "points of strengths" "$(in_section lateral '<circle')" $((2 * 2))
expect "failed runs" "$(count 'Runs that did not finish')" 0
for word in NaN undefined; do
  expect "'$word' on the page" \
    "$(sed '/<section id="reproduce"/,$d' "$scratch/page.html" | grep -o -- "$word" | wc -l)" 0
done

# A tuning: two rules, one with a range of its manifest, six trials and then two.
OPENBLAS_NUM_THREADS=1 "$2" tune "$(dirname "$0")/../../experiments/digits.json" --jobs 1 --quiet \
  --rules backprop,feedback-alignment --trials 6 --halving 3 --epochs 3 --seeds 1 \
  --out "$scratch/tuning" >/dev/null
dom "$scratch/tuning"
expect_no_errors
expect "rows of tuned rules" "$(in_section table '<th scope="row">')" 2
expect "charts of sensitivity" "$(in_section sensitivity '<svg[^>]* role="img"')" 3
expect "trials in them" "$(in_section sensitivity '<title>trial [0-9]')" $((3 * (6 + 2)))
expect "rings around the best" "$(in_section sensitivity '<g aria-label="dot"[^>]*#d55e00')" 3
expect "rows of the tables behind them" "$(in_section sensitivity '<th scope="row">')" $((3 * (6 + 2)))
expect_text '2 rules tuned with the same budget: 6 trials of 1 to 3 epochs each.'
expect_text 'parameters.scale: 0.1 to 10, log scale'
expect "'undefined' or NaN on the page" \
  "$(sed '/<section id="reproduce"/,$d' "$scratch/page.html" | grep -o -- 'NaN\|undefined' | wc -l)" 0

# Two rules, three seeds, four kinds of trial, three factors, four windows, four moments.
OPENBLAS_NUM_THREADS=1 "$2" compare "$3" --jobs 1 --quiet --out "$scratch/trials" >/dev/null
dom "$scratch/trials"
expect_no_errors
expect "bands of errors" "$(in_section curves '<g aria-label="area"')" 4
expect "standings by the error in test trials" "$(in_section standings 'error in test trials')" 5
expect "curves of times" "$(in_section survival '<g aria-label="line"')" 2
expect "rows of times" "$(in_section survival '<th scope="row">')" 2
expect "curves of alignment" "$(in_section alignment '<g aria-label="line"')" 2
expect "runs by alignment" "$(in_section alignment '<title>[a-z-]*, seed [123]:')" 6
expect "rows of rules that drive or watch" "$(in_section watchers '<tr><th scope="row">[a-z: -]*</th><td>[0-9.]* \[')" 4
expect "charts of angles" "$(in_section watchers '<svg[^>]* role="img"')" 2
expect "bands of angles" "$(in_section watchers '<g aria-label="area"')" 4
expect "pictures of weights" "$(in_section matrices '<image')" 4
expect "changed weights" "$(in_section matrices '<th scope="row">[0-9]')" 20
expect "lines of six units and four kinds, before and after" \
  "$(in_section activity '<path[^>]*stroke="#')" $((2 * 6 * 4 * 2))
expect "bars of selectivity" "$(in_section selectivity '<title>[a-z-]*, [a-z0-9 ]*, after')" 16
expect "maps of decoding" "$(in_section decoding '<image')" 6
expect "points of geometry" "$(in_section geometry '<title>[AB][AB]<')" $((2 * 4 * 80))
expect "courses after a disturbance" "$(in_section relaxation '<svg[^>]* role="img"')" 2
expect "failed runs of trials" "$(count 'Runs that did not finish')" 0
for word in poch ccuracy NaN undefined; do
  expect "'$word' on the page, but for the experiment" \
    "$(sed '/<section id="reproduce"/,$d' "$scratch/page.html" | grep -o -- "$word" | wc -l)" 0
done
expect_text 'error below 0.9 in 60 % of 20 successive trials'
expect_text 'test time, ms'

# Protocols: a drive, windows, rates under currents, counts beside a rectified sum.
protocol() {  # NAME OPTIONS
  name=$1
  shift
  OPENBLAS_NUM_THREADS=1 "$deltaw" compare "$spikes/$name.json" --jobs 1 --quiet "$@" \
    --out "$scratch/$name" >/dev/null
  dom "$scratch/$name"
  expect_no_errors
  for word in NaN undefined poch ccuracy; do
    expect "'$word' on the page of $name" \
      "$(sed '/<section id="reproduce"/,$d' "$scratch/page.html" | grep -o -- "$word" | wc -l)" 0
  done
}
deltaw=$2 spikes=$5
protocol drive
expect "rasters and potentials of two layers" "$(in_section recordings '<svg[^>]* role="img"')" 4
expect "dots of 14 spikes in and 4 out, as rasters and on potentials" \
  "$(in_section recordings '<circle')" 36
protocol window --rules song,nearest --set task.protocol.pairs=2 --set task.protocol.lags.step=20
expect "rows of windows" "$(in_section table '<th scope="row">')" 2
expect "dots of nine lags and two rules" "$(in_section window '<circle')" 18
expect "fits of two sides and two rules" "$(in_section window '<g aria-label="line"')" 4
protocol f-i --set task.protocol.values.step=0.25 --set task.protocol.show=100
expect "dots of four currents, of which three reach threshold, and three integrators" \
  "$(in_section f-I '<title>[a-z]*: [0-9.]*, [0-9.]*<')" $((3 * (4 + 3)))
expect "closed forms" "$(in_section f-I '<g aria-label="line"')" 3
protocol rectification --rules integrator,leaky --set task.protocol.samples=3
expect "charts of counts" "$(in_section rectification '<svg[^>]* role="img"')" 2
expect "dots of three samples of ten units" "$(in_section rectification '<circle')" 60
expect "identity and regression" "$(in_section rectification '<g aria-label="line"')" 4
# Two rates of one rule and one of another, two seeds, three contexts, six rows of curves.
OPENBLAS_NUM_THREADS=1 "$2" compare "$6" --jobs 1 --quiet --out "$scratch/sequence" >"$scratch/table.txt"
dom "$scratch/sequence"
expect_no_errors
expect "matrices and courses" "$(in_section contexts '<svg[^>]* role="img"')" 6
expect "cells of three matrices" "$(in_section contexts '<title>context [123], after ')" $((3 * 12))
expect "lines of contexts" "$(in_section contexts '<path[^>]*stroke="#')" 9
expect "rows of courses and matrices" "$(in_section contexts '<th scope="row">')" \
  $((3 * (4 + 3 * 7)))
expect "dots of runs and arms" "$(in_section frontier '<circle')" $((3 * 2 + 3))
expect "rows of families before those of arms" "$(in_section table '<th scope="row">')" $((2 + 3))
expect "families with what they need" \
  "$(in_section table '</td><td>[0-9.]*\( to [0-9.]*\)\{0,1\}</td><td>network</td><td>error</td><td>each batch</td>')" 2
expect "rows of arms and measures" "$(in_section frontier '<th scope="row">')" $((3 + 3))
expect "dots of energy and score" "$(in_section cost '<circle')" 3
if ! python3 "$(dirname "$0")/values.py" "$scratch/page.html" "$scratch/sequence/summary.json"; then
  failures=$((failures + 1))
fi
expect "measures in the terminal" "$(grep -c 'learning accuracy, %' "$scratch/table.txt")" 1
expect "families in the terminal" "$(grep -c '^rule-a  *network  *error  *batch ' "$scratch/table.txt")" 1
for word in NaN undefined; do
  expect "'$word' on the page" \
    "$(sed '/<section id="reproduce"/,$d' "$scratch/page.html" | grep -o -- "$word" | wc -l)" 0
done
expect_text 'A rule that learns nothing forgets nothing'

# A small convolutional network that has learnt little: what it gets wrong, what its filters make of
# three images; and its two seeds together, which share a split.
OPENBLAS_NUM_THREADS=1 "$2" compare "$5/../lenet/digits.json" --jobs 1 --quiet --seeds 2 \
  --rules backprop,feedback-alignment --set training.epochs=1 --set task.split.limit_train=200 \
  --set task.split.seed=1 --out "$scratch/images" >/dev/null
dom "$scratch/images"
expect_no_errors
expect "surest mistakes of two rules" "$(in_section mistakes '<canvas')" $((2 * 24))
expect "rows behind them" "$(in_section mistakes '<th scope="row">')" $((2 * 24))
expect "three images and the maps of each, of two rules" "$(in_section maps '<canvas')" $((2 * 3 * 2))
expect "rows of eight filters" "$(in_section maps '<th scope="row">')" $((2 * 8))
OPENBLAS_NUM_THREADS=1 "$2" ensemble "$scratch/images" --quiet --out "$scratch/ensemble" \
  --group mixed=backprop,feedback-alignment --group same=backprop@1-2 >"$scratch/table.txt"
dom "$scratch/ensemble"
expect_no_errors
expect "rows of three ensembles, combined in two ways" "$(in_section table '<th scope="row">')" 6
expect "dots of four members and six ensembles" "$(in_section accuracies '<circle')" 10
expect "rows behind them" "$(in_section accuracies '<th scope="row">')" 10
expect "rows of groups beside each other" "$(in_section groups '<th scope="row">')" 4
expect "rows over seeds, of one group and beside the other" "$(in_section seeds '<th scope="row">')" 4
expect "rows of members" "$(in_section members '<th scope="row">')" 4
expect "groups in the terminal" "$(grep -c '^mixed@[12]-.* same-' "$scratch/table.txt")" 4
for page in images ensemble; do
  dom "$scratch/$page"
  for word in NaN undefined; do
    expect "'$word' on the page of $page" \
      "$(sed '/<section id="reproduce"/,$d' "$scratch/page.html" | grep -o -- "$word" | wc -l)" 0
  done
done

# Every run diverges.
OPENBLAS_NUM_THREADS=1 "$2" compare "$3" --jobs 1 --quiet --set network.layers.recurrent.activation=linear \
  --set optimizer.rate=1e20 --set optimizer.clip=0 --out "$scratch/diverged" >/dev/null 2>&1 || true
dom "$scratch/diverged"
expect_no_errors
expect "failed runs" "$(in_section failures '<th scope="row">')" 6
expect "epochs where all trials failed" \
  "$(sed '/<section id="reproduce"/,$d' "$scratch/page.html" | grep -o 'poch' | wc -l)" 0

if [ "$failures" -ne 0 ]; then exit 1; fi
echo "sixteen reports opened in $("$browser" --version 2>/dev/null)"
