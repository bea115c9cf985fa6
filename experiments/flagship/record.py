#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what docs/results/NAME.md states of a comparison of all rules, beside that page: NAME.json (of
summary.json what the page's table shows, and where it came from) and NAME.svg. Usage: record.py RESULTS
NAME, where RESULTS is what `deltaw compare ... --out RESULTS` wrote; record.py NAME prints the table."""
import json
import pathlib
import sys

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs/results"
METRICS = ("test_accuracy", "train_loss", "trials_to_criterion", "seconds", "multiply_adds", "energy", "labels",
           "rewards", "state_bytes")
KEPT = ("median", "low", "high", "n", "reached", "runs")


def estimate(value, factor, digits):
    if value is None or value["median"] is None:
        return "-"
    text = [f"{factor * value[key]:.{digits}f}" for key in ("median", "low", "high")]
    return f"{text[0]} [{text[1]}, {text[2]}]"


def time(value):
    ends = ["never" if value[key] is None else f"{value[key]:,.0f}" for key in ("median", "low", "high")]
    return f"{ends[0]} [{ends[1]}, {ends[2]}]"


def p_of(versus):
    p = (versus or {}).get("p_adjusted")
    return "-" if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}"


def scores(rule):
    """How well it does: by the accuracy on test data, or by the trials to a criterion."""
    metrics, versus = rule["metrics"], rule["versus"]
    found = metrics.get("trials_to_criterion")
    if found is None:
        return [estimate(metrics["test_accuracy"], 100, 1),
                estimate(versus, 100, 1) if versus else "reference"]
    return [f"{found['reached']} of {found['runs']}", time(found), p_of(versus) if versus else "reference",
            estimate(metrics["train_loss"], 1, 2)]


def grains():
    """When each rule of ours updates: batch, trial or step."""
    manifests = (json.loads(file.read_text()) for file in PAGES.parents[1].glob("plugins/*/*.rule.json"))
    return {rule["id"]: rule["grain"] for manifest in manifests for rule in manifest["rules"]}


def row(rule, grain):
    metrics = rule["metrics"]
    angle = next((entry["measures"].get("angle") for entry in rule["alignment"]), None)
    told = "labels" if "labels" in metrics else "rewards"
    return " | ".join([
        f"| {rule['rule']}", rule["locality"], rule["supervision"], grain, *scores(rule),
        estimate(angle, 1, 0), f"{metrics['multiply_adds']['median'] / 1e9:.2f}",
        f"{1000 * metrics['energy']['median']:.1f}", f"{metrics['seconds']['median']:.3g}",
        f"{metrics[told]['median'] / 1000:,.4g} {told}",
        f"{metrics['state_bytes']['median']:.0f} |"])


def rows(name):
    rules = json.loads((PAGES / f"{name}.json").read_text())["rules"]
    scored = ("test accuracy, % | minus reference, points" if "test_accuracy" in rules[0]["metrics"] else
              "reached | trials to criterion | p, beside the reference | error at the end")
    yield (f"| rule | locality | told | update | {scored} | angle with the gradient, ° | multiply-adds, 10⁹ | "
           "energy, mJ (estimate) | time, s | thousands shown | state, bytes |")
    yield "|" + "---|" * (10 + len(scored.split(" | ")))
    grain_of = grains()
    for rule in rules:
        yield row(rule, grain_of[rule["id"]])


def shortened(rule, metric):
    names = [name for name in METRICS if name in rule["metrics"]]
    if metric != "test_accuracy":
        names = [name for name in names if name != "test_accuracy"]
    return {**{key: rule[key] for key in ("rule", "id", "runs", "failed", "locality", "supervision")},
            "metrics": {name: {key: rule["metrics"][name][key] for key in KEPT if key in rule["metrics"][name]}
                        for name in names},
            "versus": rule["versus_reference"].get(metric),
            "alignment": [entry for entry in rule.get("alignment", []) if entry["connection"] == ""]}


def draw(rules, file):
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    plt.rcParams.update({"svg.hashsalt": "deltaw", "svg.fonttype": "none"})
    figure, axes = plt.subplots(figsize=(8, 4.5))
    metric, factor, label = (("test_accuracy", 100, "test accuracy, %") if "test_accuracy" in rules[0]["metrics"]
                             else ("train_loss", 1, "error at the end"))
    for rule in rules:
        score, energy = rule["metrics"][metric], 1000 * rule["metrics"]["energy"]["median"]
        axes.plot([energy, energy], [factor * score["low"], factor * score["high"]], color="0.5", linewidth=1)
        axes.plot(energy, factor * score["median"], "o", markersize=5)
        axes.annotate(rule["rule"], (energy, factor * score["median"]), (6, -3), textcoords="offset points",
                      fontsize=8)
    axes.set(xlabel="energy of arithmetic in one run, mJ (estimate)", ylabel=label)
    axes.margins(x=0.15)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def main():
    if len(sys.argv) == 3:
        results, name = pathlib.Path(sys.argv[1]), sys.argv[2]
        summary = json.loads((results / "summary.json").read_text())
        provenance = json.loads((results / "provenance.json").read_text())
        is_timed = "trials_to_criterion" in summary["rules"][0]["metrics"]
        metric = "trials_to_criterion" if is_timed else "test_accuracy"
        rules = [shortened(rule, metric) for rule in summary["rules"]]
        kept = {"name": summary["name"], "seeds": summary["seeds"], "tuning": summary.get("tuning"),
                "made by": {key: provenance[key] for key in ("deltaw", "compiler", "blas", "started")},
                "rules": rules}
        (PAGES / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        draw(rules, PAGES / f"{name}.svg")
    print("\n".join(rows(sys.argv[-1])))


if __name__ == "__main__":
    main()
