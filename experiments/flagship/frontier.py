#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws docs/results/digits-forgetting.svg from experiments/forgetting/results: what each arm of a family
learns of a context and forgets of it, medians over seeds. Usage: frontier.py"""
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENARIOS = ("task", "domain")
LEAST = 0.7  # learning accuracy, below which all rules are close to chance


def families(scenario):
    summary = json.loads((ROOT / f"experiments/forgetting/results/rules-{scenario}/summary.json").read_text())
    of_arm = {rule["rule"]: rule["metrics"] for rule in summary["rules"]}
    for family in summary["matched"]["families"]:
        points = [(of_arm[arm]["learning_accuracy"]["median"], of_arm[arm]["forgetting"]["median"])
                  for arm in family["arms"] if of_arm[arm].get("learning_accuracy", {}).get("median") is not None]
        yield family["family"], [(100 * x, 100 * y) for x, y in points if x >= LEAST]


def main():
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    plt.rcParams.update({"svg.hashsalt": "deltaw", "svg.fonttype": "none", "font.size": 8})
    figure, panels = plt.subplots(1, 2, figsize=(9, 5))
    colours = plt.get_cmap("tab20").colors
    for axes, scenario in zip(panels, SCENARIOS):
        for (name, points), colour in zip(families(scenario), colours):
            if points:
                axes.plot(*zip(*points), "o-", markersize=3, linewidth=1, color=colour, label=name)
        axes.axvline(95, color="0.7", linestyle="--", linewidth=0.8)
        axes.set(title=f"scenario {scenario}", xlabel="learning accuracy, %", ylabel="forgetting, points")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="lower center", ncol=5, frameon=False)
    figure.subplots_adjust(left=0.06, right=0.98, top=0.94, bottom=0.24, wspace=0.16)
    figure.savefig(ROOT / "docs/results/digits-forgetting.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
