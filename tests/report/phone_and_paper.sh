#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# phone_and_paper.sh FAKE_REPORT: reports of made-up results on a screen 360 pixels wide, where nothing
# may stand out to the right and the first screen holds every fact (which rule, how sure, at what price,
# with what information), and printed, where nothing may leave the paper and the first sentence
# stands on the first page. Exit status 77, skipped, without Chromium or pdftotext.
set -eu

if ! command -v pdftotext >/dev/null; then
  echo "skipped: pdftotext is not installed (apt-get install poppler-utils)"
  exit 77
fi
. "$(dirname "$0")/browser.sh"

# A window of Chromium's has 500 pixels at least, a frame in it may have less.
cat >"$scratch/phone.html" <<'END'
<!doctype html>
<iframe src="page.html" style="width:360px;height:740px;border:0"></iframe>
<script>addEventListener("message", said => { document.title = said.data; });</script>
END
cat >"$scratch/probe.html" <<'END'
<script>
const scrolls = element => element !== null &&
  (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
addEventListener("load", () => setTimeout(() => {
  const wide = [...document.querySelectorAll("body *")].filter(element =>
    element.getBoundingClientRect().right > innerWidth + 1 && !scrolls(element.parentElement));
  const names = wide.slice(0, 5).map(element => element.tagName + " " + element.textContent.slice(0, 40));
  const facts = document.getElementById("facts").getBoundingClientRect().bottom <= innerHeight ? "all" : "not all";
  parent.postMessage(`at ${innerWidth} pixels ${facts} facts on the first screen, ${wide.length} stand out ${names.join(", ")}`, "*");
}, 1000));
</script>
END

on_phone() {  # REPORT
  cat "$1" "$scratch/probe.html" >"$scratch/page.html"
  said=$(browse "$scratch/phone.html" --dump-dom | sed -n 's/.*<title>\(.*\)<\/title>.*/\1/p')
  case $said in
    "at 360 pixels all facts on the first screen, 0 stand out"*) ;;
    *) echo "FAILED: $1 on a phone: $said"; failures=$((failures + 1)) ;;
  esac
}

on_paper() {  # REPORT SENTENCE
  browse "$1" "--print-to-pdf=$scratch/printed.pdf" >/dev/null
  pdftotext -bbox "$scratch/printed.pdf" "$scratch/words.html"
  beyond=$(awk -F'"' '/<page /{ width = $2 } /<word /{ if ($6 > width) beyond++ }
    END { print beyond + 0 }' "$scratch/words.html")
  if [ "$beyond" -ne 0 ]; then
    echo "FAILED: $1 printed: $beyond words leave the paper"
    failures=$((failures + 1))
  fi
  if ! pdftotext -l 1 "$scratch/printed.pdf" - | tr '\n' ' ' | grep -qF -- "$2"; then
    echo "FAILED: $1 printed: the first page lacks: $2"
    failures=$((failures + 1))
  fi
}

"$1" "$scratch/plain" 7
"$1" "$scratch/features" 3 features 36 8 1
for report in plain features; do on_phone "$scratch/$report/report.html"; done
on_paper "$scratch/plain/report.html" 'backprop learns best'
on_paper "$scratch/features/report.html" 'too few seeds'
[ "$failures" -eq 0 ]
