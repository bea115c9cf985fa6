#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chooses the learning rate of every arm of digits.json, mnist.json, fashion-mnist.json,
cifar-10.json and grid.json: the same five steps around a pilot's rate, the same two seeds (none of
the comparison's), the same epochs; the best median accuracy of the readout "linear" on validation
data wins. In grid.json a rate is chosen for each memory, without lateral connections. Resumable:
what stands in tuning.csv is not run again.
Usage: tune.py [--deltaw FILE] [--write] [EXPERIMENT ...]"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "tuning.csv"
COLUMNS = ("experiment", "arm", "rate", "validation_accuracy")
STEPS = (-1, -0.5, 0, 0.5, 1)  # decades from the pilot's rate
SEEDS = "101,102"
PILOT = {"bcm": 0.005, "bcm-inhibition": 0.005, "krotov-hopfield": 0.02, "oja": 0.01,
         "sanger": 0.01, "oja-subspace": 0.01, "soft-hebb": 0.05, "backprop": 0.1}
GRID_PILOT = 0.003
# CIFAR-10's images have ten times the power of MNIST's, which rules without Adam feel.
CIFAR_PILOT = {arm: pilot if arm.startswith("bcm") else pilot / 10 for arm, pilot in PILOT.items()}
STRENGTH = "-strength-0"


def arms_of(experiment):
    if experiment != "grid":
        return CIFAR_PILOT if experiment == "cifar-10" else PILOT
    rules = json.loads((HERE / "grid.json").read_text())["rules"]
    return {arm["name"]: GRID_PILOT for arm in rules if arm["name"].endswith(STRENGTH)}


def rates_of(pilot):
    return [float(f"{pilot * 10**step:.3g}") for step in STEPS]


def attempt(program, experiment, arm, rate):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [program, "compare", HERE / f"{experiment}.json", "--rules", arm, "--seeds", SEEDS,
             "--json", "--quiet", "--out", f"{folder}/out", "--set",
             f"rules.{arm}.optimizer.rate={rate}"],
            stdout=subprocess.PIPE, text=True)
    if done.returncode not in (0, 4):  # 4: a run diverged
        sys.exit(f"tune.py: {experiment} {arm} at {rate} failed")
    found = json.loads(done.stdout)["rules"][0]["metrics"].get("linear_validation_accuracy")
    accuracy = found["median"] if found and found["n"] == 2 else None
    return {"experiment": experiment, "arm": arm, "rate": rate,
            "validation_accuracy": "" if accuracy is None else round(accuracy, 5)}


def rows():
    return list(csv.DictReader(TABLE.open())) if TABLE.exists() else []


def search(program, experiment):
    done = {(row["experiment"], row["arm"], float(row["rate"])) for row in rows()}
    is_new = not TABLE.exists()
    with TABLE.open("a", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if is_new:
            table.writeheader()
        for arm, pilot in arms_of(experiment).items():
            for rate in rates_of(pilot):
                if (experiment, arm, rate) not in done:
                    table.writerow(attempt(program, experiment, arm, rate))
                    file.flush()


def choose(experiment, arm):
    tried = [row for row in rows() if row["experiment"] == experiment and row["arm"] == arm
             and row["validation_accuracy"]]
    if not tried:
        sys.exit(f"tune.py: {experiment} {arm} diverges at every rate")
    return float(max(tried, key=lambda row: float(row["validation_accuracy"]))["rate"])


def write(experiment):
    path = HERE / f"{experiment}.json"
    document = json.loads(path.read_text())
    for arm in document["rules"]:
        tuned = arm["name"].split("-strength")[0] + STRENGTH if experiment == "grid" else arm["name"]
        if tuned in arms_of(experiment):
            arm["optimizer"]["rate"] = choose(experiment, tuned)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deltaw", default="deltaw")
    parser.add_argument("--write", action="store_true", help="put the choice into the experiments")
    parser.add_argument("experiment", nargs="*", default=["digits", "mnist", "fashion-mnist", "cifar-10", "grid"])
    arguments = parser.parse_args()
    for experiment in arguments.experiment:
        search(arguments.deltaw, experiment)
        for arm in arms_of(experiment):
            print(f"{experiment:14} {arm:24} {choose(experiment, arm):g}", flush=True)
        if arguments.write:
            write(experiment)


if __name__ == "__main__":
    main()
