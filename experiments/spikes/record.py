#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of a comparison as ../features/record.py does, and of the first run of
each arm how it went on (course.json).
Usage: record.py RESULTS NAME, where RESULTS is what `deltaw compare ... --out RESULTS` wrote;
record.py NAME prints the recorded tables."""
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


def text_of(name):
    return features.table(name) + "\n\n" + course_table(name)


def main():
    if len(sys.argv) == 3:
        results, name = sys.argv[1:]
        features.keep(pathlib.Path(results), name)
        courses = {path.parts[-3]: json.loads(path.read_text())["course"]
                   for path in sorted(pathlib.Path(results).glob("runs/*/seed-*/features.json"),
                                      reverse=True)}
        (HERE / "results" / name / "course.json").write_text(
            json.dumps(courses, indent=1, sort_keys=True) + "\n")
    print(text_of(sys.argv[-1]))


if __name__ == "__main__":
    main()
