#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What docs/tutorial.md tells a newcomer to type, in its order, with what must come of it.
# tests/readme holds the page to this file. tutorial.sh SOURCE_TREE BUILD_TREE
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
mkdir -p home build
ln -s "$1/experiments" experiments
ln -s "$2" build/release
if command -v ccache >/dev/null; then
  CCACHE_DIR=$(ccache --get-config cache_dir)  # of whoever runs this, whose home it leaves
  export CCACHE_DIR CCACHE_BASEDIR=$scratch CCACHE_NOHASHDIR=1 CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
export HOME=$scratch/home
unset XDG_DATA_HOME XDG_STATE_HOME DELTAW_PLUGIN_PATH DELTAW_DATA
exec 3>&1 2>said.txt  # what goes on while it trains
trap 'tail -n 15 ./*.txt >&3' ERR

expect() {  # FILE TEXT
  if ! grep -qF -- "$2" "$1"; then
    echo "FAILED: '$2' is not in $1:"
    cat "$1"
    exit 1
  fi
}

# accuracy TABLE: test accuracy of sign-delta in percent, to the next whole number below.
accuracy() { sed -n 's/^sign-delta .* batch  *[0-9.]* \[[^]]*\]  *\([0-9]*\)\..*/\1/p' "$1"; }

{
  cmake --install build/release --prefix ~/.local
  export PATH=~/.local/bin:$PATH
} >installed.txt
deltaw doctor >doctor.txt
expect doctor.txt "ok  find_package(deltaw)"

deltaw rules >rules.txt
expect rules.txt "node-perturbation"
deltaw compare experiments/digits.json --rules backprop,node-perturbation \
  --seeds 6 --set training.epochs=20 --out results/first >first.txt
expect first.txt "verdict"
expect first.txt "backprop learns best"
test -s results/first/report.html

times >before.txt
deltaw new-rule org.example.sign-delta >new.txt
cp -r sign-delta untouched
sed -i 's/delta += e \* x/delta += arma::sign(e) * x/' sign-delta/sign-delta.cpp
sed -i 's/⟨e xᵀ⟩/⟨sign(e) xᵀ⟩/; s/follows its own error/follows the sign of its own error/' \
  sign-delta/sign-delta.rule.json
expect sign-delta/sign-delta.cpp "delta += arma::sign(e) * x.t() / static_cast<T>(s.columns()) - decay_ * w;"
expect sign-delta/sign-delta.rule.json "ΔW = ⟨sign(e) xᵀ⟩ - decay W"
cp sign-delta/sign-delta.case.json old.case.json
sed -i 's/ΔW = e x - 2 W = (3, 6) - (1, -2) = (2, 8)/ΔW = sign(e) x - 2 W = (1, 2) - (1, -2) = (0, 4)/' \
  sign-delta/sign-delta_test.cpp
sed -i 's/expected("2 8")/expected("0 4")/' sign-delta/sign-delta_test.cpp
sed -i 's/\[\[2, 8\]\]/[[0, 4]]/; s/\[\[1.5, 2.5\]\]/[[0.5, 0.5]]/' \
  sign-delta/sign-delta.case.json

cmake -S sign-delta -B sign-delta/build "-DCMAKE_PREFIX_PATH=$HOME/.local" >built.txt
cmake --build sign-delta/build >>built.txt
ctest --test-dir sign-delta/build >tested.txt
expect tested.txt "100% tests passed, 0 tests failed out of 2"
export DELTAW_PLUGIN_PATH=$PWD/sign-delta/build/lib/deltaw/plugins/1
deltaw check org.example.sign-delta >checked.txt
expect checked.txt "locality synapse, as declared"
expect checked.txt "case one observation"

# What the page says of numbers that are left as they were.
plugin=$DELTAW_PLUGIN_PATH/sign-delta
cp "$plugin/sign-delta.case.json" new.case.json
cp --remove-destination old.case.json "$plugin/sign-delta.case.json"
if deltaw check org.example.sign-delta --only '^case' >refused.txt 2>&1; then exit 1; fi
expect refused.txt "error[E702] org.example.sign-delta: case one observation: float32: update 0, entry 1: expected 8, found 4; 5.0e-01 of the largest, allowed 1.0e-05"
cp new.case.json "$plugin/sign-delta.case.json"

deltaw compare sign-delta/experiment.json --seeds 10 --out results/sign-delta >untuned.txt
times >after.txt
spent=$(awk 'FNR == 2 { split($1, user, "[ms]"); split($2, kernel, "[ms]")
  spent = 60 * (user[1] + kernel[1]) + user[2] + kernel[2] - spent } END { printf "%.1f", spent }' before.txt after.txt)
changed=$(diff -r --exclude build untouched sign-delta | grep -c '^>' || true)
echo "from new-rule to the first comparison: $changed lines changed, $spent s of processor time" >&3
[ "$changed" -le 25 ]
expect untuned.txt "not tuned: rates and parameters are the experiment's own"
deltaw tune sign-delta/experiment.json --trials 9 --out results/tuning >tuning.txt
deltaw compare sign-delta/experiment.json --seeds 10 \
  --tuned results/tuning/tuned.json --out results/tuned >tuned.txt
expect tuned.txt "tuned: 9 trials of 1 to 10 epochs each"
expect tuned.txt "  worse"
before=$(accuracy untuned.txt) after=$(accuracy tuned.txt)
if [ "$before" -gt 60 ] || [ "$after" -lt 88 ]; then
  echo "FAILED: the page says 50 % and 92 %, found $before % and $after %"
  exit 1
fi

deltaw watch sign-delta --once >watched.txt 2>&1
expect watched.txt "sign-delta reaches"
