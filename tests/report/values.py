#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what two charts of a report show to the summary they are of: each arm's place on the frontier
of learning and forgetting, and each rule's energy. Usage: values.py PAGE SUMMARY, PAGE after its
scripts ran."""
import json
import pathlib
import re
import sys

page, summary = pathlib.Path(sys.argv[1]).read_text(), json.loads(pathlib.Path(sys.argv[2]).read_text())
faults = []


def section(name):
    return re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)[0]


def hold(what, shown, metric, scale):
    if not abs(float(shown) - scale * metric["median"]) <= 1e-3 * abs(scale * metric["median"]):
        faults.append(f"{what}: the page shows {shown}, the summary has {scale * metric['median']}")


arms = dict(re.findall(r"<title>(\S+): (learns \S+ %, forgets \S+ points)", section("frontier")))
energies = dict(re.findall(r'<th scope="row">([^<]+)</th><td>([\d.e-]+)</td>', section("cost")))
for rule in summary["rules"]:
    name, metrics = rule["rule"], rule["metrics"]
    if name not in arms or name not in energies:
        faults.append(f"{name}: in no title of the frontier, or no row of the energies")
        continue
    learns, forgets = re.findall(r"-?[\d.]+", arms[name].replace("\u2212", "-"))
    hold(f"{name} learns", learns, metrics["learning_accuracy"], 100)
    hold(f"{name} forgets", forgets, metrics["forgetting"], 100)
    hold(f"{name}, energy", energies[name], metrics["energy"], 1)
sys.exit("\n".join(faults) or 0)
