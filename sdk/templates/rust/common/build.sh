#!/bin/sh
# Builds the rule, checks the manifest against it, and puts both where deltaw finds them.
set -eu
cd "$(dirname "$0")"
cargo build --release
folder=build/lib/deltaw/plugins/1/my-rule
mkdir -p $folder
cp target/release/libmy_rule.so $folder/my-rule.so
cp my-rule.case.json $folder
${DELTAW:-deltaw} manifest my-rule.rule.json --library $folder/my-rule.so --output $folder/my-rule.rule.json
