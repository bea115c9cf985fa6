#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of a comparison as ../features/record.py does, and of the first run of
each arm how it went on (course.json, where there are features).
Usage: record.py RESULTS NAME [CONNECTION], where RESULTS is what `deltaw compare ... --out RESULTS`
wrote; with CONNECTION also how its final weights lie between their bounds (weights.json). Of a
protocol it keeps what was measured. record.py NAME prints the recorded tables."""
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


# Of each protocol: title, metric, factor.
MEASURED = {
    "recording": [("spikes in", "spikes_in", 1), ("spikes out", "spikes_out", 1), ("jump", "jump", 1),
                  ("weight", "weight", 1), ("worst jump off, %", "jump_error", 100)],
    "pairing": [(f"{title}{unit}", f"{name}{suffix}", factor)
                for title, name in (("A+", "a_plus"), ("tau+", "tau_plus"), ("A-", "a_minus"),
                                    ("tau-", "tau_minus"))
                for unit, suffix, factor in ((", ms" if "tau" in title else "", "", 1),
                                             (" off, %", "_error", 100))]
               + [("R\u00b2 of +", "r_squared_plus", 1), ("R\u00b2 of -", "r_squared_minus", 1)],
    "current-sweep": [("first spikes at, mV", "threshold_current", 1),
                      ("worst interval off, steps", "worst_interval", 1),
                      ("worst rate off, %", "worst_rate", 100)],
    "rectification": [("slope", "slope", 1), ("intercept", "intercept", 1),
                      ("R\u00b2", "r_squared", 1), ("right, %", "right", 100),
                      ("all right from", "valid_from", 1), ("to", "valid_to", 1),
                      ("slope there", "valid_slope", 1), ("intercept there", "valid_intercept", 1),
                      ("R\u00b2 there", "valid_r_squared", 1)]}


def keep_protocol(results, name, summary):
    place = HERE / "results" / name
    place.mkdir(parents=True, exist_ok=True)
    rules = [{"rule": rule["rule"], "id": rule["id"], "runs": rule["runs"], "metrics": {
        metric: value["median"] for metric, value in rule["metrics"].items() if metric != "seconds"}}
        for rule in summary["rules"]]
    kept = {"summary": {"name": summary["name"], "protocol": summary["protocol"],
                        "seeds": summary["seeds"], "rules": rules},
            "provenance": features.origin(json.loads((results / "provenance.json").read_text()))}
    for part, content in kept.items():
        (place / f"{part}.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


def protocol_table(summary):
    def cell(rule, metric, factor):
        value = rule["metrics"].get(metric)
        if value is None:
            return ""
        if factor == 1:
            return f"{value:.4g}"
        return f"{factor * value:.2f}".replace("-0.00", "0.00")
    shown = [column for column in MEASURED[summary["protocol"]]
             if any(rule["metrics"].get(column[1]) is not None for rule in summary["rules"])]
    lines = ["| arm | " + " | ".join(title for title, *_ in shown) + " |",
             "|---|" + "---|" * len(shown)]
    lines += ["| " + " | ".join([rule["rule"], *(cell(rule, *column[1:]) for column in shown)]) + " |"
              for rule in summary["rules"]]
    return "\n".join(lines)


def text_of(name):
    summary = json.loads((HERE / "results" / name / "summary.json").read_text())
    if "protocol" in summary:
        return protocol_table(summary)
    has_course = (HERE / "results" / name / "course.json").exists()
    course = "\n\n" + course_table(name) if has_course else ""
    return features.table(name) + course + weight_table(name)


def main():
    if len(sys.argv) > 2:
        results, name = pathlib.Path(sys.argv[1]), sys.argv[2]
        summary = json.loads((results / "summary.json").read_text())
        if "protocol" in summary:
            keep_protocol(results, name, summary)
            print(text_of(name))
            return
        features.keep(results, name)
        courses = {path.parts[-3]: json.loads(path.read_text())["course"]
                   for path in sorted(results.glob("runs/*/seed-*/features.json"),
                                      reverse=True)}
        if courses:
            (HERE / "results" / name / "course.json").write_text(
                json.dumps(courses, indent=1, sort_keys=True) + "\n")
        if len(sys.argv) > 3:
            (HERE / "results" / name / "weights.json").write_text(
                json.dumps(distribution(results, sys.argv[3]), indent=1) + "\n")
    print(text_of(sys.argv[2] if len(sys.argv) > 2 else sys.argv[1]))


if __name__ == "__main__":
    main()
