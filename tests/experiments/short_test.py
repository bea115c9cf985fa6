#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each experiment of experiments/interneuron for three epochs and two seeds, and holds it to
what must be so at any length. Usage: short_test.py SOURCE_TREE DELTAW"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

# Bit for bit: without the interneuron's drive below the threshold, and without it above.
SAME = (("theta-zero", "continuous"), ("below", "continuous"), ("above", "nonnegative-mlp"))
DIFFERENT = (("continuous", "nonnegative-mlp"), ("quantile-10", "continuous"),
             ("median", "continuous"), ("quantile-75", "nonnegative-mlp"))


def curves(out):
    """Arm -> everything measured but the time."""
    found = {}
    for row in csv.DictReader((out / "metrics.csv").open()):
        found.setdefault(row.pop("rule"), []).append({**row, "seconds": None})
    return found


def faults_of(file, out):
    summary = json.loads((out / "summary.json").read_text())
    for rule in summary["rules"]:
        if rule["runs"] != 2:
            yield f"{rule['rule']}: {rule['runs']} of 2 runs finished"
    if summary["margin"] != 0.02:
        yield f"margin {summary['margin']}"
    if file.name.startswith("thresholds"):
        found = curves(out)
        yield from (f"{a} is not {b}" for a, b in SAME if found[a] != found[b])
        yield from (f"{a} is {b}" for a, b in DIFFERENT if found[a] == found[b])


def main():
    root, deltaw = pathlib.Path(sys.argv[1]), sys.argv[2]
    files = sorted((root / "experiments/interneuron").glob("*.json"))
    faults = [] if len(files) >= 7 else [f"{len(files)} experiments instead of 7 or more"]
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            out = pathlib.Path(folder, file.stem)
            done = subprocess.run(
                [deltaw, "compare", file, "--seeds", "2", "--set", "training.epochs=3", "--out", out,
                 "--data", root / "data", "--quiet"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0:
                faults.append(f"{file.name}: exit {done.returncode}:\n{done.stdout}")
            else:
                faults += [f"{file.name}: {fault}" for fault in faults_of(file, out)]
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
