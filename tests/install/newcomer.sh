#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From the unpacked package to the first comparison of a rule of one's own, in an empty home, with
# nothing of ours at hand: no compiler cache, no source tree. newcomer.sh ROOT COMPILER
set -euo pipefail

root=$1
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cat >"$home/path.sh" <<'PATH_OF_A_NEWCOMER'
set -euo pipefail
deltaw new-rule org.example.mine
cmake -S mine -B mine/build
cmake --build mine/build
ctest --test-dir mine/build
export DELTAW_PLUGIN_PATH=$PWD/mine/build/lib/deltaw/plugins/1
deltaw check org.example.mine
deltaw compare mine/experiment.json --seeds 10 --out results
times >times.txt
PATH_OF_A_NEWCOMER
cd "$home"
begin=$(date +%s.%N)
if ! env -i HOME="$home" PATH="$root/usr/bin:/usr/bin:/bin" CMAKE_PREFIX_PATH="$root/usr" CXX="$2" CCACHE_DISABLE=1 \
  bash path.sh >said.txt 2>&1; then
  tail -n 30 said.txt
  exit 1
fi
end=$(date +%s.%N)
if ! grep -q 'verdict' said.txt || [ ! -s results/report.html ]; then
  echo "FAILED: no comparison"
  tail -n 30 said.txt
  exit 1
fi
awk -v begin="$begin" -v end="$end" '
  { for (i = 1; i <= 2; ++i) { split($i, part, "[ms]"); spent += 60 * part[1] + part[2] } }
  END {
    printf "from new-rule to the first comparison: %.0f s of processors, %.0f s on the clock\n", spent, end - begin
  }' times.txt
