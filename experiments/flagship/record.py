#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what docs/results/NAME.md states of a comparison of all rules, beside that page: NAME.json (of
summary.json what the page's table shows, and where it came from) and NAME.svg. Usage: record.py RESULTS
NAME, where RESULTS is what `deltaw compare ... --out RESULTS` wrote; record.py NAME prints the table."""
import json
import math
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES, FORGETTING = ROOT / "docs/results", ROOT / "experiments/forgetting/results"
METRICS = ("test_accuracy", "train_loss", "epochs_to_criterion", "trials_to_criterion", "seconds", "multiply_adds", "energy", "labels",
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
        epochs = metrics.get("epochs_to_criterion", {"median": None, "reached": 0, "runs": rule["runs"]})
        median = "never" if epochs["median"] is None else f"{epochs['median']:g}"
        return [estimate(metrics["test_accuracy"], 100, 1), estimate(versus, 100, 1) if versus else "reference",
                f"{median} ({epochs['reached']}/{epochs['runs']})"]
    return [f"{found['reached']} of {found['runs']}", time(found), p_of(versus) if versus else "reference",
            estimate(metrics["train_loss"], 1, 2)]


def grains():
    """When each rule of ours updates: batch, trial or step."""
    manifests = (json.loads(file.read_text()) for file in ROOT.glob("plugins/*/*.rule.json"))
    return {rule["id"]: rule["grain"] for manifest in manifests for rule in manifest["rules"]}


def forgetting_of(scenario):
    """What each family forgets where it learns 95 %, on the digits in five contexts, minus backprop."""
    matched = json.loads((FORGETTING / f"rules-{scenario}/summary.json").read_text())["matched"]

    def shown(family):
        if family["family"] == matched["reference"]:
            return "reference"
        pair = family.get("versus_reference")
        return estimate(pair, 100, 1) if pair and pair["n"] >= 6 else "-"  # fewer give no interval
    return {family["family"]: shown(family) for family in matched["families"]}


def row(rule, grain, forgotten):
    metrics = rule["metrics"]
    angle = next((entry["measures"].get("angle") for entry in rule["alignment"] if entry["connection"] == ""), None)
    told = "labels" if "labels" in metrics else "rewards"
    return " | ".join([
        f"| {rule['rule']}", rule["locality"], rule["supervision"], grain, *scores(rule),
        estimate(angle, 1, 0), f"{metrics['multiply_adds']['median'] / 1e9:.2f}",
        f"{1000 * metrics['energy']['median']:.1f}", f"{metrics['seconds']['median']:.3g}",
        f"{metrics[told]['median'] / 1000:,.4g} {told}",
        f"{metrics['state_bytes']['median']:.0f}", *(by_name.get(rule["rule"], "-") for by_name in forgotten)]) + " |"


def ranks(values):
    return [sum(other < value for other in values) + values.count(value) / 2 for value in values]


def spearman(first, second):
    a, b = ranks(first), ranks(second)
    middle = sum(a) / len(a)
    scale = math.sqrt(sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b))
    return sum((x - middle) * (y - middle) for x, y in zip(a, b)) / scale if scale else 0.0


def correlation(rules):
    """Whether rules that lie closer to the gradient learn better: Spearman's correlation over those that have
    an angle of their own, with its two-sided p by permutations."""
    angle_of = {rule["rule"]: entry["measures"]["angle"]["median"] for rule in rules for entry in rule["alignment"]
                if entry["connection"] == "" and "angle" in entry["measures"] and entry["measures"]["angle"]["median"] > 0.1}
    named = [rule for rule in rules if rule["rule"] in angle_of]
    near = [-angle_of[rule["rule"]] for rule in named]
    good = [rule["metrics"]["test_accuracy"]["median"] for rule in named]
    chance, draws = random.Random(1), 10_000
    found = spearman(near, good)
    extreme = sum(abs(spearman(near, chance.sample(good, len(good)))) >= abs(found) - 1e-9 for _ in range(draws))
    resampled = sorted(spearman(*zip(*chance.choices(list(zip(near, good)), k=len(good)))) for _ in range(draws))
    low, high = resampled[draws // 40], resampled[-draws // 40]
    p = (extreme + 1) / (draws + 1)
    return (f"Spearman's correlation of alignment and accuracy is {found:+.2f} [{low:+.2f}, {high:+.2f}] over "
            f"{len(named)} rules (bootstrap of rules; p {'< 0.001' if p < 0.001 else f'= {p:.3f}'} by permutations)")


def beside_random(summary):
    """What learnt features add: each rule minus random features, of all pairs."""
    kept = []
    for pair in summary.get("pairs", []):
        if "random-features" not in (pair["rule"], pair["other"]):
            continue
        sign = -1 if pair["rule"] == "random-features" else 1
        ends = [sign * pair[key] for key in ("low", "high")]
        kept.append({"rule": pair["other"] if sign < 0 else pair["rule"], "median": sign * pair["median"],
                     "low": min(ends), "high": max(ends), "p_adjusted": pair["p_adjusted"]})
    return kept


def random_rows(kept):
    yield "| rule | minus random features, points | p, of all pairs |"
    yield "|---|---|---|"
    for pair in kept:
        yield f"| {pair['rule']} | {estimate(pair, 100, 1)} | {p_of(pair)} |"


def rows(name):
    record = json.loads((PAGES / f"{name}.json").read_text())
    rules = record["rules"]
    scored = ("test accuracy, % | minus reference, points | epochs to the criterion" if "test_accuracy" in rules[0]["metrics"] else
              "reached | trials to criterion | p, beside the reference | error at the end")
    columns = (f"rule | locality | told | update | {scored} | angle with the gradient, ° | multiply-adds, 10⁹ | "
               "energy, mJ (estimate) | time, s | thousands shown | state, bytes")
    scenarios = ("task", "domain") if name == "digits" else ()
    for scenario in scenarios:
        columns += f" | forgets more in `{scenario}`, points"
    yield f"| {columns} |"
    yield "|" + "---|" * len(columns.split(" | "))
    grain_of, forgotten = grains(), [forgetting_of(scenario) for scenario in scenarios]
    for rule in rules:
        yield row(rule, grain_of[rule["id"]], forgotten)
    if record.get("beside random features"):
        yield from random_rows(record["beside random features"])
        yield correlation(rules)


def layer_of(entry):
    """All of the whole network, of a layer's weights the angle and the length beside the gradient's."""
    if entry["connection"] == "":
        return entry
    return {**entry, "measures": {name: value for name, value in entry["measures"].items()
                                  if name in ("angle", "norm_ratio")}}


def shortened(rule, metric):
    names = [name for name in METRICS if name in rule["metrics"]]
    if metric != "test_accuracy":
        names = [name for name in names if name != "test_accuracy"]
    return {**{key: rule[key] for key in ("rule", "id", "runs", "failed", "locality", "supervision")},
            "metrics": {name: {key: rule["metrics"][name][key] for key in KEPT if key in rule["metrics"][name]}
                        for name in names},
            "versus": rule["versus_reference"].get(metric),
            "alignment": [layer_of(entry) for entry in rule.get("alignment", [])
                          if entry["connection"] == "" or ">" in entry["connection"]]}


def draw(rules, file):
    """Error over energy, both on log axes; names to the right, in the order of the errors."""
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator, NullLocator
    plt.rcParams.update({"svg.hashsalt": "deltaw", "svg.fonttype": "none"})
    figure, axes = plt.subplots(figsize=(9, 5.5))
    is_accuracy = "test_accuracy" in rules[0]["metrics"]

    def error(rule, key):
        return 100 * (1 - rule["metrics"]["test_accuracy"][key]) if is_accuracy else rule["metrics"]["train_loss"][key]

    axes.set(xscale="log", yscale="log", xlabel="energy of arithmetic in one run, mJ (estimate)",
             ylabel="test error, %" if is_accuracy else "error at the end")
    ordered = sorted(rules, key=lambda rule: error(rule, "median"))
    for place, rule in enumerate(ordered):
        energy, middle = 1000 * rule["metrics"]["energy"]["median"], error(rule, "median")
        [dot] = axes.plot(energy, middle, "o", markersize=5)
        axes.plot([energy, energy], [error(rule, "low"), error(rule, "high")], color=dot.get_color(), linewidth=1)
        axes.annotate(rule["rule"], (energy, middle), (1.04, (place + 0.5) / len(ordered)), fontsize=8,
                      color=dot.get_color(), textcoords="axes fraction", va="center", annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": dot.get_color(), "linewidth": 0.5, "alpha": 0.6})
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter("{x:g}")
    figure.subplots_adjust(left=0.08, right=0.76, top=0.97, bottom=0.1)
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
        if (beside := beside_random(summary)):
            kept["beside random features"] = beside
        (PAGES / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        draw(rules, PAGES / f"{name}.svg")
    print("\n".join(rows(sys.argv[-1])))


if __name__ == "__main__":
    main()
