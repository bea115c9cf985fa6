#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of ei.json: results/ei/summary.json, where it comes from, and what a
summary does not tell, the weights and errors of each run; and prints the page's table. Usage:
record_ei.py RESULTS, the folder that `deltaw compare experiments/dnms/ei.json --out RESULTS` wrote.
"""
import json
import pathlib
import statistics
import sys

from record import npy, origin

UNITS, EXCITATORY = 200, 100


def command(provenance):
    """As typed, without the folders of the machine that it ran on."""
    seeds = provenance["command"].partition("--seeds")[2].split()[:1]
    return " ".join(["deltaw compare experiments/dnms/ei.json", *(f"--seeds {n}" for n in seeds)])


def digest(folder):
    """Sums are those of a unit's incoming weights, in the mean over units."""
    after = npy(folder / "weights/recurrent>recurrent.npy")
    before = npy(folder / "initial/recurrent>recurrent.npy")
    errors = npy(folder / "errors.npy")
    split = UNITS * EXCITATORY  # by columns: first the weights from excitatory units
    if min(after[:split]) < 0 or max(after[split:]) > 0:
        sys.exit(f"{folder}: Dale's law does not hold")
    reached = json.loads((folder / "run.json").read_text())["metrics"]["trials_to_criterion"]
    return {"trials_to_criterion": reached,
            "excitation": sum(after[:split]) / UNITS,
            "inhibition": sum(after[split:]) / UNITS,
            "zero": sum(w == 0 for w in after) / len(after),
            "mean_change": sum(abs(a - b) for a, b in zip(after, before)) / len(after),
            "median_error": {end: statistics.median(errors[end - 500:end])
                             for end in range(5000, len(errors) + 1, 5000)}}


def table(place):
    """Of the recorded runs, by seed; for README.md."""
    runs = json.loads((place / "runs.json").read_text())
    lines = ["| kept by | seed | trials to criterion | median error by trial 5,000 | 10,000 | 15,000 "
             "| 20,000 | E and I weights, summed | of these 0 | mean change |", "|---" * 10 + "|"]
    for arm, seeds in runs.items():
        for seed, run in seeds.items():
            reached = run["trials_to_criterion"]
            cells = [arm, seed, "not reached" if reached is None else f"{reached:,.0f}",
                     *(f"{error:.2f}" for _, error in
                       sorted(run["median_error"].items(), key=lambda item: int(item[0]))),
                     f"{run['excitation']:.2f}, {run['inhibition']:.2f}", f"{run['zero']:.1%}",
                     f"{run['mean_change']:.4f}"]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    results = pathlib.Path(sys.argv[1])
    provenance = json.loads((results / "provenance.json").read_text())
    runs = {arm.name: {run.name.removeprefix("seed-"): digest(run) for run in sorted(arm.iterdir())}
            for arm in sorted((results / "runs").iterdir())}
    kept = {"summary": json.loads((results / "summary.json").read_text()),
            "provenance": {**origin(provenance), "command": command(provenance)},
            "runs": runs}
    place = pathlib.Path(__file__).resolve().parent / "results/ei"
    place.mkdir(parents=True, exist_ok=True)
    for part, content in kept.items():
        (place / f"{part}.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
    print(table(place))


if __name__ == "__main__":
    main()
