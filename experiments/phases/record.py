#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of rules with phases: results/NAME/summary.json and provenance.json, as
../features/record.py does; and prints the page's table. Usage: record.py RESULTS NAME, where RESULTS
is what `deltaw compare ... --out RESULTS` wrote; record.py NAME prints what is recorded."""
import importlib.util
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("features_record", HERE.parent / "features/record.py")
features = importlib.util.module_from_spec(spec)
spec.loader.exec_module(features)

METRICS = ("test_accuracy", "train_accuracy")


def shortened(summary):
    rules = []
    for rule in summary["rules"]:
        kept = {key: rule[key] for key in ("rule", "id", "runs", "failed", "locality", "supervision")}
        for key, fields in (("metrics", features.KEPT), ("versus_reference", features.VERSUS)):
            kept[key] = {name: {field: rule[key][name].get(field) for field in fields}
                         for name in METRICS if name in rule[key]}
        rules.append(kept)
    return {**{key: summary[key] for key in ("name", "reference", "seeds", "tuning")}, "rules": rules}


def interval(estimate):
    if not estimate:
        return "-"
    middle, low, high = (f"{100 * estimate[key]:.1f}" for key in ("median", "low", "high"))
    return f"{middle} [{low}, {high}]"


def text_of(name):
    """All that the page must contain."""
    lines = ["| arm | train accuracy, % | test accuracy, % | beside backprop, points | p |",
             "|---|---|---|---|---|"]
    for rule in json.loads((HERE / "results" / name / "summary.json").read_text())["rules"]:
        beside = rule["versus_reference"].get("test_accuracy")
        p = "-" if not beside else f"{beside['p_adjusted']:.3f}"
        lines.append(f"| {rule['rule']} | {interval(rule['metrics']['train_accuracy'])} | "
                     f"{interval(rule['metrics']['test_accuracy'])} | {interval(beside)} | {p} |")
    return "\n".join(lines)


features.HERE, features.shortened, features.text_of = HERE, shortened, text_of

if __name__ == "__main__":
    features.main()
