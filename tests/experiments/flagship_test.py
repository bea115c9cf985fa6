#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the comparison of all rules on digits for an epoch, and holds the page of each comparison to its
record. Usage: flagship_test.py SOURCE_TREE DELTAW"""
import json
import pathlib
import subprocess
import sys
import tempfile

root, deltaw = pathlib.Path(sys.argv[1]), sys.argv[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(root / "experiments/flagship"))
import record  # noqa: E402

pages = sorted((root / "docs/results").glob("*.md"))
faults = [] if pages else ["docs/results has no page"]
for page in pages:
    text = page.read_text()
    faults += [f"{page} lacks: {row}" for row in record.rows(page.stem) if row not in text]
with tempfile.TemporaryDirectory() as folder:
    done = subprocess.run(
        [deltaw, "compare", root / "experiments/flagship/digits.json", "--seeds", "2", "--set",
         "training.epochs=1", "--tuned", root / "docs/results/digits-tuned.json", "--data", root / "data",
         "--out", folder, "--overwrite", "--quiet"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        faults.append(f"exit {done.returncode}:\n{done.stdout}")
    else:
        for rule in json.loads(pathlib.Path(folder, "summary.json").read_text())["rules"]:
            missing = {"test_accuracy", "multiply_adds", "energy", "state_bytes"} - set(rule["metrics"])
            faults += [f"{rule['rule']} lacks {metric}" for metric in missing]
if faults:
    sys.exit("\n".join(faults))
