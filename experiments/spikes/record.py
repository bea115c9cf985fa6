#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of a comparison as ../features/record.py does, and of the first run of
each arm how it went on (course.json).
Usage: record.py RESULTS NAME [CONNECTION], where RESULTS is what `deltaw compare ... --out RESULTS`
wrote; with CONNECTION also how its final weights lie between their bounds (weights.json).
record.py NAME prints the recorded tables."""
import array
import importlib.util
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("features_record", HERE.parent / "features/record.py")
features = importlib.util.module_from_spec(spec)
spec.loader.exec_module(features)
features.HERE = HERE


def course_table(name):
    """Of the last window of the first run of each arm."""
    lines = ["| arm | running accuracy, % | spikes a sample | presentations a sample |",
             "|---|---|---|---|"]
    for arm, rows in json.loads((HERE / "results" / name / "course.json").read_text()).items():
        last = rows[-1]
        if "spikes" in last:
            lines.append(f"| {arm} | {100 * last['accuracy']:.1f} | {last['spikes']:.1f} | "
                         f"{last['presentations']:.2f} |")
    return "\n".join(lines)


def weights_of(file):
    """The values of a NumPy file of float32."""
    content = file.read_bytes()
    start = 10 + int.from_bytes(content[8:10], "little")
    return array.array("f", content[start:])


def distribution(results, connection):
    network = json.loads((results / "experiment.json").read_text())["network"]
    low, high = next(entry["constraint"]["bounds"] for entry in network["connections"]
                     if entry["name"] == connection)
    found = {}
    for file in sorted(results.glob(f"runs/*/seed-*/weights/{connection}.npy"), reverse=True):
        shares = [(w - low) / (high - low) for w in weights_of(file)]
        count = len(shares)
        found[file.parts[-4]] = {
            "mean": sum(shares) / count,
            "below a tenth": sum(share < 0.1 for share in shares) / count,
            "between 0.2 and 0.8": sum(0.2 < share < 0.8 for share in shares) / count,
            "above nine tenths": sum(share > 0.9 for share in shares) / count}
    return dict(sorted(found.items()))


def weight_table(name):
    """Of the first run of each arm, as shares of the way between the bounds."""
    file = HERE / "results" / name / "weights.json"
    if not file.exists():
        return ""
    found = json.loads(file.read_text())
    columns = list(next(iter(found.values())))
    lines = ["| arm | " + " | ".join(f"{column}, %" for column in columns) + " |",
             "|---|" + "---|" * len(columns)]
    lines += [f"| {arm} | " + " | ".join(f"{100 * row[column]:.0f}" for column in columns) + " |"
              for arm, row in found.items()]
    return "\n\n" + "\n".join(lines)


def text_of(name):
    return features.table(name) + "\n\n" + course_table(name) + weight_table(name)


def main():
    if len(sys.argv) > 2:
        results, name = pathlib.Path(sys.argv[1]), sys.argv[2]
        features.keep(results, name)
        courses = {path.parts[-3]: json.loads(path.read_text())["course"]
                   for path in sorted(results.glob("runs/*/seed-*/features.json"),
                                      reverse=True)}
        (HERE / "results" / name / "course.json").write_text(
            json.dumps(courses, indent=1, sort_keys=True) + "\n")
        if len(sys.argv) > 3:
            (HERE / "results" / name / "weights.json").write_text(
                json.dumps(distribution(results, sys.argv[3]), indent=1) + "\n")
    print(text_of(sys.argv[2] if len(sys.argv) > 2 else sys.argv[1]))


if __name__ == "__main__":
    main()
