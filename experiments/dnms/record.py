#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of an experiment in trials: results/NAME/summary.json, where it comes
from, and of each run its trials to criterion, mean errors of 100 trials at some marks, and mean
alignment; and prints the page's table. Usage: record.py RESULTS FOLDER NAME, where RESULTS is what
`deltaw compare ... --out RESULTS` wrote and FOLDER the one beside whose experiments results/ lies."""
import array
import csv
import json
import pathlib
import statistics
import sys

MARKS = (1000, 1500, 2000, 3000, 5500, 6000, 8000, 10000, 20000)
WINDOW = 100


def npy(path):
    """The float32 values of a .npy file of version 1."""
    content = path.read_bytes()
    start = 10 + int.from_bytes(content[8:10], "little")
    return array.array("f", content[start:])


def origin(provenance):
    """Without the folders of the machine that it ran on."""
    plugins = [{key: plugin[key] for key in ("rule", "version", "sha256")}
               for plugin in provenance["plugins"]]
    kept = {key: value for key, value in provenance.items() if key != "command"}
    return {**kept, "plugins": plugins}


def alignments(results):
    """(arm, seed) -> mean over the rows of its curve."""
    found = {}
    for row in csv.DictReader((results / "metrics.csv").open()):
        if row.get("alignment"):
            found.setdefault((row["rule"], row["seed"]), []).append(float(row["alignment"]))
    return {run: statistics.fmean(values) for run, values in found.items()}


def digest(folder, alignment):
    run = json.loads((folder / "run.json").read_text())
    errors = npy(folder / "errors.npy")
    return {"status": run["status"], "trials_to_criterion": run["metrics"]["trials_to_criterion"],
            "alignment": alignment,
            "error": {mark: round(statistics.fmean(errors[mark - WINDOW:mark]), 4)
                      for mark in MARKS if mark <= len(errors)}}


def runs_of(results):
    aligned = alignments(results)
    return {arm.name: {run.name.removeprefix("seed-"): digest(
        run, aligned.get((arm.name, run.name.removeprefix("seed-")))) for run in
        sorted(arm.iterdir(), key=lambda path: int(path.name.removeprefix("seed-")))}
        for arm in sorted((results / "runs").iterdir())}


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive")


def number(value, digits=0):
    return "never" if value is None else f"{value:,.{digits}f}"


def time_cells(time):
    return [f"{time['reached']} of {time['runs']}",
            f"{number(time['median'])} [{number(time['low'])}, {number(time['high'])}]"]


def table_of_contexts(rules):
    names = sorted(name for name in rules[0]["metrics"] if name.endswith("trials_to_criterion")
                   and name.startswith("context_"))
    lines = ["| rule | " + " | ".join(f"reached in context {k} | trials to criterion"
                                      for k in range(1, len(names) + 2)) + " | savings, % | seeds |",
             "|" + "---|" * (3 + 2 * (len(names) + 1))]
    for rule in rules:
        cells = [rule["rule"]]
        for name in ("trials_to_criterion", *names):
            cells += time_cells(rule["metrics"][name])
        saved = rule["metrics"].get("savings")
        cells += [f"{100 * saved['median']:.0f} [{100 * saved['low']:.0f}, {100 * saved['high']:.0f}]"
                  if saved else "-", str(saved["n"] if saved else 0)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def table(place):
    """Of a recorded comparison, for README.md."""
    summary, runs = (json.loads((place / f"{part}.json").read_text()) for part in ("summary", "runs"))
    if "trials_of_context" in summary["rules"][0]["metrics"]:
        return table_of_contexts(summary["rules"])
    marks = next(iter(next(iter(runs.values())).values()))["error"]
    lines = ["| rule | reached | trials to criterion, median [95 %] | "
             + " | ".join(f"error at {int(mark):,}" for mark in marks) + " | alignment |",
             "|" + "---|" * (4 + len(marks))]
    for rule in summary["rules"]:
        time, of_rule = rule["metrics"]["trials_to_criterion"], runs[rule["rule"]].values()
        cells = [rule["rule"], *time_cells(time)]
        for mark in marks:
            low, middle, high = quartiles([run["error"][mark] for run in of_rule if mark in run["error"]])
            cells.append(f"{middle:.3f} ({low:.3f} to {high:.3f})")
        aligned = [run["alignment"] for run in of_rule if run["alignment"] is not None]
        cells.append(f"{statistics.median(aligned):.3f}" if aligned else "")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    results, folder, name = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    place = folder / "results" / name
    place.mkdir(parents=True, exist_ok=True)
    kept = {"summary": json.loads((results / "summary.json").read_text()),
            "provenance": origin(json.loads((results / "provenance.json").read_text())),
            "runs": runs_of(results)}
    for part, content in kept.items():
        (place / f"{part}.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
    print(table(place))


if __name__ == "__main__":
    main()
