# SPDX-License-Identifier: Apache-2.0
# Read by the tests of pages: headless Chromium with a profile of its own in $scratch, which goes when
# the test does. Ends the test with status 77, skipped, where Chromium is not installed.
browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ]; then
  echo "skipped: chromium is not installed (apt-get install chromium)"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

browse() {  # PAGE OPTION: after its scripts ran
  "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$scratch/profile" --virtual-time-budget=10000 "$2" "file://$1" \
    2>"$scratch/browser.log"
}
