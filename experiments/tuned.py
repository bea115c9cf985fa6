#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of README.md that says what `deltaw tune digits.json` found, from its record.
Usage: tuned.py"""
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
RECORD = HERE / "results/digits-tuning/tuned.json"


def rates_of(arm):
    """Of an arm in the experiment: {path: rate}."""
    if "drive" in arm:
        return {f"drive.{i}.optimizer.rate": drive["optimizer"]["rate"]
                for i, drive in enumerate(arm["drive"])}
    return {"optimizer.rate": arm["optimizer"]["rate"]}


def rows():
    tuned = json.loads(RECORD.read_text())
    arms = {arm["name"]: arm for arm in json.loads((HERE / "digits.json").read_text())["rules"]}
    yield "| rule | in the file | tuned | validation accuracy, % | runs that diverged |"
    yield "|---|---|---|---|---|"
    for rule in tuned["rules"]:
        own, found = rates_of(arms[rule["rule"]]), rule["values"]
        edges = [f"{path} at its {end} end" for path, end in rule["at_edge"].items()]
        values = ", ".join([f"{path} {value:g}" for path, value in found.items()] + edges)
        yield (f"| {rule['rule']} | {', '.join(f'{rate:g}' for rate in own.values())} | {values} "
               f"| {100 * rule['value']:.1f} | {rule['failed']} of {rule['runs']} |")


if __name__ == "__main__":
    print("\n".join(rows()))
