#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of a comparison of features: results/NAME/summary.json (the metrics of
its tables) and provenance.json; and prints the page's table. Usage: record.py RESULTS NAME, where
RESULTS is what `deltaw compare ... --out RESULTS` wrote; record.py NAME prints a recorded table."""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PERCENT = ("test_accuracy", "selectivity", "selected", "capacity")
PLAIN = ("overlap", "dead_units", "seconds")
KEPT = ("median", "low", "high", "n")
VERSUS = (*KEPT, "p_adjusted")


def accuracies(summary):
    """Of the readouts, the first one first, then the network's own."""
    return [f"{name}_test_accuracy" for name in summary.get("readouts", [])] + ["test_accuracy"]


def shortened(summary):
    wanted = {*accuracies(summary), *PERCENT, *PLAIN}
    rules = []
    for rule in summary["rules"]:
        kept = {key: rule[key] for key in ("rule", "id", "runs", "failed", "locality", "supervision")}
        for key, fields in (("metrics", KEPT), ("versus_reference", VERSUS)):
            kept[key] = {name: {field: value.get(field) for field in fields}
                         for name, value in rule[key].items() if name in wanted}
        rules.append(kept)
    return {**{key: summary[key] for key in ("name", "reference", "seeds")},
            "readouts": summary.get("readouts", []), "rules": rules}


def origin(provenance):
    """Without the folders of the machine that it ran on."""
    plugins = [{key: plugin[key] for key in ("rule", "version", "sha256")}
               for plugin in provenance["plugins"]]
    data = [{"file": "/".join(pathlib.PurePath(file["file"]).parts[-2:]), "sha256": file["sha256"]}
            for file in provenance["data"]]
    kept = {key: value for key, value in provenance.items() if key != "command"}
    return {**kept, "plugins": plugins, "data": data}


def text(name, value):
    if value is None:
        return "-"
    return f"{100 * value:.1f}" if name in PERCENT or name.endswith("_accuracy") else f"{value:.3g}"


def cell(rule, name):
    estimate = rule["metrics"].get(name)
    if not estimate or estimate["median"] is None:
        return ""
    middle = text(name, estimate["median"])
    if estimate["n"] < 2:
        return middle
    return f"{middle} [{text(name, estimate['low'])}, {text(name, estimate['high'])}]"


def table(name):
    summary = json.loads((HERE / "results" / name / "summary.json").read_text())
    measured = {metric for rule in summary["rules"] for metric in rule["metrics"]
                if rule["metrics"][metric]["median"] is not None}
    shown = [metric for metric in (*accuracies(summary), "overlap", "selectivity", "selected",
                                   "dead_units", "seconds") if metric in measured]
    titles = {"test_accuracy": "network, test %", "selectivity": "selectivity, %",
              "selected": "selected, %", "dead_units": "dead units", "seconds": "training, s"}
    heads = [titles.get(metric, metric.replace("_test_accuracy", ", test %")) for metric in shown]
    lines = ["| arm | " + " | ".join(heads) + " |", "|" + "---|" * (1 + len(heads))]
    for rule in summary["rules"]:
        failed = f" ({rule['failed']} of {rule['failed'] + rule['runs']} failed)" if rule["failed"] else ""
        lines.append("| " + " | ".join([rule["rule"] + failed, *(cell(rule, m) for m in shown)]) + " |")
    return "\n".join(lines)


def text_of(name):
    """All that the page must contain."""
    return table(name)


def keep(results, name):
    place = HERE / "results" / name
    place.mkdir(parents=True, exist_ok=True)
    kept = {"summary": shortened(json.loads((results / "summary.json").read_text())),
            "provenance": origin(json.loads((results / "provenance.json").read_text()))}
    for part, content in kept.items():
        (place / f"{part}.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


def main():
    if len(sys.argv) == 3:
        keep(pathlib.Path(sys.argv[1]), sys.argv[2])
    print(text_of(sys.argv[-1]))


if __name__ == "__main__":
    main()
