#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chooses the learning rate of every arm of compare.json: the same five steps around a pilot's
rate, the same three seeds (none of the comparison's), the same trials. The arm with the most runs
at criterion wins, then the least mean error over all trials. No weight may change by more than
3e-4 a trial, as in the author's program, so the clip follows the rate. Resumable: what stands in
tuning.csv is not run again. Usage: tune.py [DELTAW] [--write]: the latter puts the choice into
compare.json."""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "tuning.csv"
COLUMNS = ("arm", "rate", "runs", "reached", "median_trials", "mean_error")
STEPS = (-1, -0.5, 0, 0.5, 1)  # decades from the pilot's rate
TRIALS, SEEDS, LARGEST_CHANGE = 1000, "101-103", 3e-4
PILOT = {
    "miconi": 0.1, "miconi-square": 0.01, "miconi-linear": 0.001, "miconi-sqrt": 0.0003,
    "node-perturbation": 0.001, "node-perturbation-raw": 0.0003, "exploratory-hebbian": 0.0316,
    "reward-hebbian": 1e-6, "weight-perturbation": 1e-6, "e-prop": 3e-6, "backprop": 0.003,
}


def rounded(value):
    return float(f"{value:.3g}")


def optimizer(arm, rate):
    return {"type": "sgd", "rate": rate, "clip": rounded(LARGEST_CHANGE / rate)}


def attempt(program, arm, rate):
    change = f"rules.{arm}.optimizer={json.dumps(optimizer(arm, rate))}"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [program, "compare", HERE / "compare.json", "--rules", arm, "--seeds", SEEDS, "--json",
             "--quiet", "--out", f"{folder}/out", "--set", change, "--set",
             f"training.trials={TRIALS}", "--set", "training.alignment.trials=1"],
            stdout=subprocess.PIPE, text=True)
    if done.returncode not in (0, 4):  # 4: a run diverged, which the summary counts
        sys.exit(f"tune.py: {arm} at {rate} failed")
    rule = json.loads(done.stdout)["rules"][0]
    times, error = rule["metrics"]["trials_to_criterion"], rule["metrics"].get("area_under_curve")
    return {"arm": arm, "rate": rate, "runs": rule["runs"], "reached": times["reached"],
            "median_trials": times["median"], "mean_error": error and rounded(error["median"])}


def rows():
    if not TABLE.exists():
        return []
    with TABLE.open() as file:
        return list(csv.DictReader(file))


def search(program):
    done = {(row["arm"], float(row["rate"])) for row in rows()}
    is_new = not TABLE.exists()
    with TABLE.open("a", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if is_new:
            table.writeheader()
        for arm, pilot in PILOT.items():
            for step in STEPS:
                rate = rounded(pilot * 10**step)
                if (arm, rate) in done:
                    continue
                table.writerow(attempt(program, arm, rate))
                file.flush()


def choose(arm):
    grid = [rounded(PILOT[arm] * 10**step) for step in STEPS]
    tried = [row for row in rows()
             if row["arm"] == arm and float(row["rate"]) in grid and row["mean_error"]]
    best = min(tried, key=lambda row: (-int(row["reached"]), float(row["mean_error"])))
    return float(best["rate"])


def write():
    path = HERE / "compare.json"
    document = json.loads(path.read_text())
    for arm in document["rules"]:
        name = arm.get("name", arm["rule"])
        arm["optimizer"] = optimizer(name, choose(name))
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    programs = [argument for argument in sys.argv[1:] if argument != "--write"]
    search(programs[0] if programs else "deltaw")
    for name in PILOT:
        print(f"{name:24} {choose(name):g}")
    if "--write" in sys.argv:
        write()
