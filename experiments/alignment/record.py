#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of rules beside the gradient: results/NAME/summary.json and
provenance.json, as ../features/record.py does; and prints the page's tables and what alignment tells
of speed. Usage: record.py RESULTS NAME, where RESULTS is what `deltaw compare ... --out RESULTS`
wrote; record.py NAME prints what is recorded."""
import importlib.util
import json
import pathlib
import random
import statistics

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("features_record", HERE.parent / "features/record.py")
features = importlib.util.module_from_spec(spec)
spec.loader.exec_module(features)

METRICS = ("test_accuracy", "train_accuracy", "seconds")
REPLICATES = 10_000
NEVER = float("inf")


def shortened(summary):
    rules = []
    for rule in summary["rules"]:
        kept = {key: rule[key] for key in
                ("rule", "id", "runs", "failed", "locality", "supervision", "alignment")}
        kept["metrics"] = {name: {field: rule["metrics"][name][field] for field in features.KEPT}
                           for name in METRICS}
        time = rule["metrics"]["epochs_to_criterion"]
        kept["metrics"]["epochs_to_criterion"] = {
            field: time[field] for field in (*features.KEPT, "reached", "runs")}
        rules.append(kept)
    return {**{key: summary[key] for key in ("name", "reference", "seeds", "criterion", "tuning")},
            "rules": rules}


def own(rule):
    """How the rule that drives agrees with the reference, all connections together."""
    return next(entry["measures"] for entry in rule["alignment"]
                if entry["rule"] == "" and entry["connection"] == "")


def interval(estimate, digits=1, factor=1):
    if not estimate:
        return "-"
    middle, low, high = (f"{factor * estimate[key]:.{digits}f}" for key in ("median", "low", "high"))
    return middle if middle == low == high else f"{middle} [{low}, {high}]"


def time_of(rule):
    time = rule["metrics"]["epochs_to_criterion"]
    return NEVER if time["median"] is None else time["median"]


def drivers_table(rules):
    yield "| arm | angle, ° | length, ratio | same sign, % | epochs to 80 % | test accuracy, % |"
    yield "|" + "---|" * 6
    for rule in rules:
        found, time = own(rule), rule["metrics"]["epochs_to_criterion"]
        middle = "never" if time["median"] is None else f"{time['median']:g}"
        yield (f"| {rule['rule']} | {interval(found['angle'])} | {interval(found['norm_ratio'], 3)} | "
               f"{interval(found['sign_agreement'], 1, 100)} | {middle} ({time['reached']}/{time['runs']}) | "
               f"{interval(rule['metrics']['test_accuracy'], 1, 100)} |")


def watchers_table(rules):
    """Of the rules that watched backpropagation; a layer where a rule changes nothing is empty."""
    entries = next(rule["alignment"] for rule in rules if rule["rule"] == "backprop")
    layers = list(dict.fromkeys(entry["connection"] for entry in entries if ">" in entry["connection"]))
    found = {}
    for entry in entries:
        if entry["rule"]:
            found.setdefault(entry["rule"], {})[entry["connection"]] = entry["measures"]
    yield ("| rule | " + " | ".join(f"{layer}, °" for layer in layers)
           + " | all, ° | endless draws, ° | length, ratio | same sign, % | signal / noise |")
    yield "|" + "---|" * (len(layers) + 6)
    for rule, by_layer in found.items():
        whole = by_layer[""]
        cells = [interval(by_layer.get(layer, {}).get("angle")) for layer in layers]
        yield (f"| {rule} | " + " | ".join(cells) + f" | {interval(whole.get('angle'))} | "
               f"{interval(whole.get('limit_angle'))} | {interval(whole.get('norm_ratio'), 3)} | "
               f"{interval(whole.get('sign_agreement'), 1, 100)} | "
               f"{interval(whole.get('signal_to_noise'), 5)} |")


def ranks(values):
    """From 0; ties share their mean."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in values]


def spearman(pairs):
    """None where one side does not vary."""
    a, b = (ranks(side) for side in zip(*pairs))
    return statistics.correlation(a, b) if len(set(a)) > 1 and len(set(b)) > 1 else None


def with_interval(pairs):
    """Spearman's rho and its 95 % percentile interval, rules drawn with replacement."""
    draws = random.Random(1)
    found = [spearman(draws.choices(pairs, k=len(pairs))) for _ in range(REPLICATES)]
    found = sorted(rho for rho in found if rho is not None)
    low, high = (found[round(share * (len(found) - 1))] for share in (0.025, 0.975))
    return f"{spearman(pairs):.2f} [{low:.2f}, {high:.2f}]"


def correlations(rules):
    yield "| arms | of angle and epochs to 80 % | of angle and test accuracy |"
    yield "|---|---|---|"
    for name, chosen in (("all", rules),
                         ("without backprop", [rule for rule in rules if rule["rule"] != "backprop"])):
        angles = [own(rule)["angle"]["median"] for rule in chosen]
        times = [time_of(rule) for rule in chosen]
        accuracies = [rule["metrics"]["test_accuracy"]["median"] for rule in chosen]
        yield (f"| {name} ({len(chosen)}) | {with_interval(list(zip(angles, times)))} | "
               f"{with_interval(list(zip(angles, accuracies)))} |")


def text_of(name):
    """All that the page must contain."""
    rules = json.loads((HERE / "results" / name / "summary.json").read_text())["rules"]
    return "\n".join([*watchers_table(rules), *drivers_table(rules), *correlations(rules)])


features.HERE, features.shortened, features.text_of = HERE, shortened, text_of

if __name__ == "__main__":
    features.main()
