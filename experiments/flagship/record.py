#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what docs/results/NAME.md states of a comparison of all rules, beside that page: NAME.json (of
summary.json what the page's table shows, and where it came from) and NAME.svg. Usage: record.py RESULTS
NAME, where RESULTS is what `deltaw compare ... --out RESULTS` wrote; record.py NAME prints the table."""
import json
import pathlib
import sys

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs/results"
METRICS = ("test_accuracy", "seconds", "multiply_adds", "energy", "labels", "rewards", "state_bytes")
KEPT = ("median", "low", "high", "n")


def estimate(value, factor, digits):
    if value is None or value["median"] is None:
        return "-"
    text = [f"{factor * value[key]:.{digits}f}" for key in ("median", "low", "high")]
    return f"{text[0]} [{text[1]}, {text[2]}]"


def row(rule):
    metrics, versus = rule["metrics"], rule["versus"]
    angle = next((entry["measures"].get("angle") for entry in rule["alignment"]), None)
    told = "labels" if "labels" in metrics else "rewards"
    return " | ".join([
        f"| {rule['rule']}", rule["locality"], rule["supervision"],
        estimate(metrics["test_accuracy"], 100, 1), estimate(versus, 100, 1) if versus else "reference",
        estimate(angle, 1, 0), f"{metrics['multiply_adds']['median'] / 1e9:.2f}",
        f"{1000 * metrics['energy']['median']:.1f}", f"{metrics[told]['median'] / 1000:.0f} {told}",
        f"{metrics['state_bytes']['median']:.0f} |"])


def rows(name):
    yield ("| rule | locality | told | test accuracy, % | minus reference, points | angle with the gradient, ° | "
           "multiply-adds, 10⁹ | energy, mJ (estimate) | thousands shown | state, bytes |")
    yield "|" + "---|" * 10
    for rule in json.loads((PAGES / f"{name}.json").read_text())["rules"]:
        yield row(rule)


def shortened(rule):
    return {**{key: rule[key] for key in ("rule", "id", "runs", "failed", "locality", "supervision")},
            "metrics": {name: {key: rule["metrics"][name][key] for key in KEPT}
                        for name in METRICS if name in rule["metrics"]},
            "versus": rule["versus_reference"].get("test_accuracy"),
            "alignment": [entry for entry in rule.get("alignment", []) if entry["connection"] == ""]}


def draw(rules, file):
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    plt.rcParams.update({"svg.hashsalt": "deltaw", "svg.fonttype": "none"})
    figure, axes = plt.subplots(figsize=(8, 4.5))
    for rule in rules:
        score, energy = rule["metrics"]["test_accuracy"], 1000 * rule["metrics"]["energy"]["median"]
        axes.plot([energy, energy], [100 * score["low"], 100 * score["high"]], color="0.5", linewidth=1)
        axes.plot(energy, 100 * score["median"], "o", markersize=5)
        axes.annotate(rule["rule"], (energy, 100 * score["median"]), (6, -3), textcoords="offset points",
                      fontsize=8)
    axes.set(xlabel="energy of arithmetic in one run, mJ (estimate)", ylabel="test accuracy, %")
    axes.margins(x=0.15)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def main():
    if len(sys.argv) == 3:
        results, name = pathlib.Path(sys.argv[1]), sys.argv[2]
        summary = json.loads((results / "summary.json").read_text())
        provenance = json.loads((results / "provenance.json").read_text())
        rules = [shortened(rule) for rule in summary["rules"]]
        kept = {"name": summary["name"], "seeds": summary["seeds"], "tuning": summary.get("tuning"),
                "made by": {key: provenance[key] for key in ("deltaw", "compiler", "blas", "started")},
                "rules": rules}
        (PAGES / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        draw(rules, PAGES / f"{name}.svg")
    print("\n".join(rows(sys.argv[-1])))


if __name__ == "__main__":
    main()
