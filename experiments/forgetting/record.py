#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what README.md states of a sequence of contexts: results/NAME/summary.json and
provenance.json, as ../features/record.py does; and prints the page's tables. Usage: record.py
RESULTS NAME, where RESULTS is what `deltaw compare ... --out RESULTS` wrote; record.py NAME prints
the recorded tables."""
import importlib.util
import json
import pathlib
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("features_record", HERE.parent / "features/record.py")
features = importlib.util.module_from_spec(spec)
spec.loader.exec_module(features)

COLUMNS = {"test_accuracy": "ACC, %", "learning_accuracy": "learning accuracy, %",
           "backward_transfer": "BWT, points", "forward_transfer": "FWT, points",
           "forgetting": "forgetting, points", "intransigence": "intransigence, points"}
FEW = 12  # arms; of more the page shows families and what each reaches


def shortened(summary):
    rules = []
    for rule in summary["rules"]:
        kept = {key: rule[key] for key in ("rule", "id", "runs", "failed", "locality", "supervision")}
        kept["metrics"] = {name: {field: value[field] for field in features.KEPT}
                           for name, value in rule["metrics"].items() if name in (*COLUMNS, "seconds")}
        rules.append(kept)
    kept = {key: summary[key] for key in ("name", "reference", "seeds")}
    if "matched" in summary:
        kept["matched"] = summary["matched"]
    return {**kept, "rules": rules}


def keep(results, name):
    """Where van de Ven's anchor is a mean, so is what it is held to: of the runs, with its deviation."""
    keep_medians(results, name)
    file = HERE / "results" / name / "summary.json"
    summary = json.loads(file.read_text())
    if not name.startswith("split-mnist-"):
        return
    for rule in summary["rules"]:
        runs = [json.loads(path.read_text()) for path in results.glob(f"runs/{rule['rule']}/seed-*/run.json")]
        reached = [run["metrics"]["test_accuracy"] for run in runs if run["status"] == "finished"]
        rule["mean"] = {"test_accuracy": {"mean": statistics.mean(reached), "n": len(reached),
                                          "deviation": statistics.stdev(reached)}}
    file.write_text(json.dumps(summary, indent=1, sort_keys=True) + "\n")


def mean_of(rule):
    mean = rule["mean"]["test_accuracy"]
    return f"{100 * mean['mean']:.1f} ± {100 * mean['deviation']:.1f}"


def cell(estimate, signed=False):
    if not estimate or estimate["median"] is None:
        return "-"
    text = [f"{100 * estimate[key]:{'+' if signed else ''}.1f}" for key in ("median", "low", "high")]
    return text[0] if estimate["n"] < 2 else f"{text[0]} [{text[1]}, {text[2]}]"


def same(values):
    """What all have, or that they differ."""
    values = set(values)
    return values.pop() if len(values) == 1 else "mixed"


def p_of(pair):
    p = (pair or {}).get("p_adjusted")
    return "-" if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}"


def rows_of(summary):
    shown = [name for name in COLUMNS if any(name in rule["metrics"] for rule in summary["rules"])]
    means = {rule["rule"]: [mean_of(rule)] if "mean" in rule else [] for rule in summary["rules"]}
    titles = [*(["mean ± deviation of ACC, %"] if any(means.values()) else []), *(COLUMNS[name] for name in shown)]
    yield "| arm | " + " | ".join(titles) + " |"
    yield "|" + "---|" * (1 + len(titles))
    for rule in summary["rules"]:
        failed = f" ({rule['failed']} of {rule['failed'] + rule['runs']} failed)" if rule["failed"] else ""
        yield "| " + " | ".join([rule["rule"] + failed, *means[rule["rule"]],
                                *(cell(rule["metrics"].get(name)) for name in shown)]) + " |"


def matched_rows(summary):
    matched, by_name = summary["matched"], {rule["rule"]: rule for rule in summary["rules"]}
    level, reference = 100 * matched["learning_accuracy"], matched["reference"]
    yield (f"| family | locality | supervision | learning accuracy of its arms, % | "
           f"forgetting at {level:g} %, points | minus {reference} | p | seeds |")
    yield "|---|---|---|---|---|---|---|---|"
    for family in matched["families"]:
        found, pair = family.get("forgetting"), family.get("versus_reference")
        reached = [by_name[arm]["metrics"]["learning_accuracy"]["median"] for arm in family["arms"]
                   if "learning_accuracy" in by_name[arm]["metrics"]]
        span = f"{100 * min(reached):.1f} to {100 * max(reached):.1f}" if reached else "-"
        versus = "reference" if family["family"] == reference else cell(pair, signed=True)
        needs = " | ".join(same(by_name[arm][what] for arm in family["arms"]) for what in ("locality", "supervision"))
        yield (f"| {family['family']} | {needs} | {span} | {cell(found)} | {versus} | {p_of(pair)} | "
               f"{found['n'] if found else 0}/{family['seeds']} |")


def text_of(name):
    """All that the page must contain."""
    summary = json.loads((HERE / "results" / name / "summary.json").read_text())
    rows = list(matched_rows(summary)) if "matched" in summary else []
    if len(summary["rules"]) <= FEW:
        rows = [*rows_of(summary), *rows]
    return "\n".join(rows)


keep_medians = features.keep
features.HERE, features.shortened, features.text_of, features.keep = HERE, shortened, text_of, keep

if __name__ == "__main__":
    features.main()
