#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of README.md from tuning.csv, the experiment files and results/. With --check
it changes nothing and fails unless they already stand there. Usage: tables.py [--check]"""
import csv
import json
import pathlib
import re
import sys

from tune import ARMS, HERE, SIZES, TRIALS, best

PLACE = re.compile(r"(<!-- table (\S+) -->\n).*?(<!-- end -->)", re.S)


def read(name, part="summary"):
    return json.loads((HERE / "results" / name / f"{part}.json").read_text())


def rules(name):
    return {rule["rule"]: rule for rule in read(name)["rules"]}


def arms_of(file):
    return {arm["name"]: arm for arm in json.loads((HERE / f"{file}.json").read_text())["rules"]}


def threshold_of(arm):
    for layer in arm.get("network", {}).get("layers", []):
        if layer["name"] == "interneuron" and layer["activation"] != "relu":
            return f"{layer['activation']['threshold']:g}"
    return ""


def interval(estimate, show):
    return f"{show(estimate['median'])} [{show(estimate['low'])}, {show(estimate['high'])}]"


def percent(estimate):
    return interval(estimate, lambda value: f"{100 * value:.1f}")


def epochs(rule):
    metric = rule["metrics"]["epochs_to_criterion"]
    def show(value):
        return "never" if value is None else f"{round(value, 1):g}"
    if metric["reached"] == 0:
        return f"never (0/{metric['runs']})"
    return f"{interval(metric, show)} ({metric['reached']}/{metric['runs']})"


def p_value(versus):
    p = versus["p_adjusted"]
    return "" if p is None else ", p < 0.001" if p < 0.001 else f", p = {p:.3f}"


def more_epochs(rule):
    """Epochs to the criterion minus the reference's. Never minus some is ∞, and has no p."""
    versus = rule["versus_reference"].get("epochs_to_criterion")
    if versus is None:
        return "" if rule["versus_reference"] else "-"
    if versus["median"] is None:
        sign = "+" if 2 * versus["above"] > versus["n"] else "-"
        return f"{sign}∞ ({versus['above']} of {versus['n']} later)"
    low, high = versus["low"], versus["high"]
    low = "-∞" if low is None else f"{round(low, 1):+g}"
    high = "+∞" if high is None else f"{round(high, 1):+g}"
    return (f"{round(versus['median'], 1):+g} [{low}, {high}]{p_value(versus)}"
            f" ({versus['above']} of {versus['n']} later)")


def more_points(rule):
    versus = rule["versus_reference"].get("test_accuracy")
    if versus is None:
        return "-"
    return interval(versus, lambda value: f"{100 * value:+.1f}") + p_value(versus)


def equivalent(rule):
    versus = rule["versus_reference"].get("test_accuracy")
    return "-" if versus is None else "yes" if versus["equivalent"] else "no"


def table(head, rows):
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in [head, *rows]]
    lines.insert(1, "|" + "---|" * len(head))
    return "\n".join(lines) + "\n"


def trials():
    return list(csv.DictReader((HERE / "tuning.csv").read_text().splitlines()))


def chosen():
    rows = trials()
    found = []
    for size in SIZES:
        for name in ARMS:
            row = best(rows, size, name)
            found.append([size, name, row["rate"], row["excitatory"], row["inhibitory"],
                          row["threshold"], row["trial"], row["area"]])
    return table(["size", "arm", "rate", "× into", "× out of", "θ", "trial", "area, validation"],
                 found)


def same_rate():
    """Of the trials at one rate, those in which an arm had the larger area than the mlp."""
    found = []
    for size in SIZES:
        areas = {(row["arm"], int(row["trial"])): row for row in trials() if row["size"] == size}
        for name in ARMS[1:]:
            ahead = [areas[name, trial]["rate"] for trial in range(TRIALS)
                     if float(areas[name, trial]["area"]) > float(areas["mlp", trial]["area"])]
            found.append([size, name, f"{len(ahead)}/{TRIALS}", ", ".join(ahead) or "none"])
    return table(["size", "arm", "trials ahead of the mlp", "at the rates"], found)


def speed():
    found = []
    for size in SIZES:
        at_80, against, at_90 = rules(size), rules(f"{size}-threshold"), rules(f"{size}-90")
        found += [[size, name, epochs(at_80[name]), more_epochs(at_80[name]),
                   more_epochs(against[name]), epochs(at_90[name]), more_epochs(at_90[name])]
                  for name in ARMS]
    return table(["size", "arm", "epochs to 80 %", "minus continuous", "minus threshold",
                  "epochs to 90 %", "minus continuous"], found)


def accuracy():
    found = []
    for size in SIZES:
        at_80 = rules(size)
        found += [[size, name, percent(at_80[name]["metrics"]["train_accuracy"]),
                   percent(at_80[name]["metrics"]["test_accuracy"]), more_points(at_80[name]),
                   equivalent(at_80[name])] for name in ARMS]
    return table(["size", "arm", "train, %", "test, %", "test minus continuous, points",
                  "within ±2"], found)


def reach():
    found = []
    for size in SIZES:
        at_95 = rules(f"{size}-95")
        found += [(size, name, at_95[name]) for name in ARMS]
    found += [("5-5", name, rule) for name, rule in rules("reach-95").items()]
    found = [[size, name, epochs(rule), percent(rule["metrics"]["train_accuracy"])]
             for size, name, rule in found]
    return table(["size", "arm", "epochs to 95 %", "train at the end, %"], found)


def thresholds(name):
    arms, same = arms_of(name), read(name, "same")
    def bits(arm):
        return f"{same[arm]['seeds']}/30 as {same[arm]['as']}" if arm in same else ""
    return table(["arm", "θ", "epochs to 80 %", "test, %", "test minus continuous, points",
                  "within ±2", "same bits"],
                 [[arm, threshold_of(arms[arm]), epochs(rule),
                   percent(rule["metrics"]["test_accuracy"]), more_points(rule), equivalent(rule),
                   bits(arm)] for arm, rule in rules(name).items()])


def centring():
    return table(["arm", "epochs to 80 %", "minus continuous", "test, %",
                  "test minus continuous, points"],
                 [[name, epochs(rule), more_epochs(rule), percent(rule["metrics"]["test_accuracy"]),
                   more_points(rule)] for name, rule in rules("centring").items()])


def signs():
    found = []
    for size, name in (("64-64", "reflection-projection"), ("5-5", "reflection-projection-5-5")):
        units = read(name, "units")
        for arm, rule in rules(name).items():
            silent = f"{units[arm]['hidden1']:g} / {units[arm]['hidden2']:g}"
            found.append([size, arm, epochs(rule), more_epochs(rule),
                          percent(rule["metrics"]["test_accuracy"]), more_points(rule), silent,
                          f"{100 * units[arm]['zero_weights']:.1f}"])
    return table(["size", "sign kept by", "epochs to 80 %", "minus reflection", "test, %",
                  "minus reflection, points", "silent units, hidden 1 / 2", "weights at 0, %"],
                 found)


TABLES = {"chosen": chosen, "same-rate": same_rate, "speed": speed, "accuracy": accuracy,
          "reach": reach, "signs": signs, "centring": centring,
          "thresholds": lambda: thresholds("thresholds"),
          "thresholds-5-5": lambda: thresholds("thresholds-5-5")}


def main():
    readme = HERE / "README.md"
    text = readme.read_text()
    filled = PLACE.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)
    missing = TABLES.keys() - {found[1] for found in PLACE.findall(text)}
    if missing:
        sys.exit(f"README.md lacks the tables {', '.join(sorted(missing))}")
    if sys.argv[1:] == ["--check"]:
        if filled != text:
            sys.exit("README.md does not say what results/ and tuning.csv say; run tables.py")
    else:
        readme.write_text(filled)


if __name__ == "__main__":
    main()
