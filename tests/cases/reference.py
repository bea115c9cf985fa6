#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The case file of every rule of ours, from the equations alone, in NumPy: no line of a rule's own code
is run here. `deltaw check` runs the files.

usage: reference.py SOURCE_TREE            writes plugins/*/RULE.case.json
       reference.py SOURCE_TREE --check    compares them with what is there, and that none is missing
"""
import json
import pathlib
import sys

import networks
import spikes
import static
import trials
from inputs import text_of

ROOMS = (static, trials, spikes, networks)


def rules(root):
    """Each rule's id with its folder."""
    for manifest in sorted(root.glob("plugins/*/*.rule.json")):
        for rule in json.loads(manifest.read_text())["rules"]:
            yield rule["id"], manifest.parent


def cases_of(rule):
    function = next((vars(room)[rule.replace("-", "_")] for room in ROOMS
                     if rule.replace("-", "_") in vars(room)), None)
    return None if function is None else list(function())


def differ(a, b):
    """Whether two documents differ by more than the last bits of their numbers."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() != b.keys() or any(differ(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) != len(b) or any(map(differ, a, b))
    if isinstance(a, float) and isinstance(b, (int, float)):
        return abs(a - b) > 1e-13 * max(1, abs(a))
    return a != b


def main():
    root = pathlib.Path(sys.argv[1])
    faults = []
    for rule, folder in rules(root):
        file, cases = folder / f"{rule}.case.json", cases_of(rule)
        if cases is None:
            faults.append(f"{rule}: no function for it here")
        elif "--check" not in sys.argv:
            file.write_text(text_of(rule, cases))
        elif not file.exists():
            faults.append(f"{file}: missing")
        elif differ(json.loads(text_of(rule, cases)), json.loads(file.read_text())):
            faults.append(f"{file}: not what this script gives")
    print("\n".join(faults) or "all cases are there")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
