#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each experiment in trials for a few short trials, and holds README pages to their records.
Usage: trials_short_test.py SOURCE_TREE DELTAW"""
import json
import pathlib
import subprocess
import sys
import tempfile

FOLDERS = ("dnms", "selective-integration")


def run(deltaw, file, out):
    """Every arm, two seeds, on a small network at a coarse time step."""
    document = json.loads(file.read_text())
    arms, task = len(document["rules"]), document["task"]["trials"]
    contexts = 1 + len(task.get("then", [])) if isinstance(task, dict) else 1
    sets = ["training.warm_up=0", "analyses.seeds=0", f"training.trials={4 * contexts}"]
    if contexts > 1:
        sets.append("task.trials.each=4")
    done = subprocess.run(
        [deltaw, "compare", file, "--seeds", "2", "--out", out, "--quiet",
         *(part for change in sets for part in ("--set", change))],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        yield f"exit {done.returncode}:\n{done.stdout}"
        return
    summary = json.loads((out / "summary.json").read_text())
    if len(summary["rules"]) != arms:
        yield f"{len(summary['rules'])} arms instead of {arms}"
    for rule in summary["rules"]:
        if rule["runs"] != 2:
            yield f"{rule['rule']}: {rule['runs']} of 2 runs finished"


def table_faults(root, folder):
    """Every table that record.py prints stands in the page."""
    page = (root / "experiments" / folder / "README.md").read_text()
    sys.path.insert(0, str(root / "experiments/dnms"))
    from record import table
    for place in sorted((root / "experiments" / folder / "results").iterdir()):
        if place.name == "ei":  # has a test of its own
            continue
        for line in table(place).splitlines()[2:]:
            if line not in page:
                yield f"README.md lacks this line of {place.name}: {line}"


def main():
    root, deltaw = pathlib.Path(sys.argv[1]), sys.argv[2]
    faults, count = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for folder in FOLDERS:
            for file in sorted((root / "experiments" / folder).glob("*.json")):
                count += 1
                out = pathlib.Path(scratch, folder, file.stem)
                faults += [f"{file.name}: {fault}" for fault in run(deltaw, file, out)]
            faults += [f"{folder}: {fault}" for fault in table_faults(root, folder)]
    if count < 6:
        faults.append(f"{count} experiments instead of 6 or more")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
