#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chooses the learning rate of every arm, and the memory of BCM's threshold with it, by the median
accuracy of the first readout on validation data over two seeds (none of the comparison's). Rates:
five steps of half a decade around a pilot's, then on while the best is at an edge, up to
four more at each side. In the grids a rate is chosen for each memory, without lateral connections.
Resumable: what stands in tuning.csv is not run again.
Usage: tune.py [--deltaw FILE] [--set PATH=VALUE ...] [--write] [EXPERIMENT ...]"""
import argparse
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "tuning.csv"
COLUMNS = ("experiment", "arm", "memory", "rate", "validation_accuracy")
FIRST, FURTHER = 2, 4  # half decades at each side
SEEDS = "101,102"
MEMORIES = (0, 0.9, 0.99)
PILOT = {"bcm": 0.005, "bcm-inhibition": 0.005, "krotov-hopfield": 0.02, "oja": 0.01,
         "sanger": 0.01, "oja-subspace": 0.01, "soft-hebb": 0.05, "backprop": 0.1}
# CIFAR-10's images have ten times the power of MNIST's, which rules without Adam feel.
PILOTS = {"digits": PILOT, "mnist": PILOT, "fashion-mnist": PILOT,
          "cifar-10": {arm: pilot if arm.startswith("bcm") else pilot / 10
                       for arm, pilot in PILOT.items()},
          "krotov-hopfield-cifar-10": {"krotov-hopfield": 0.02},
          "layers": {"bcm-one": 0.001, "krotov-hopfield-one": 0.02, "bcm-two": 0.001,
                     "krotov-hopfield-two": 0.002, "bcm-on-krotov-hopfield": 0.001},
          "merged": {"backprop": 0.1, "bcm-then-readout": 0.001, "bcm-and-readout": 0.001,
                     "bcm-then-backprop": 0.001}}
# Whose rate is searched: a second layer's, and BCM's before or beside backpropagation.
PLACES = {"bcm-two": "drive.1", "krotov-hopfield-two": "drive.1", "bcm-on-krotov-hopfield": "drive.1",
          "bcm-then-readout": "drive.0", "bcm-and-readout": "drive.0", "bcm-then-backprop": "drive.0"}
# A first layer has the rate that is best for it alone.
FIRST_LAYERS = {"bcm-two": "bcm-one", "krotov-hopfield-two": "krotov-hopfield-one",
                "bcm-on-krotov-hopfield": "krotov-hopfield-one"}
GRIDS = ("grid", "grid-fashion-mnist", "grid-cifar-10")
GRID_PILOT = 0.003
STRENGTH = "-strength-0"
# One seed of the wide network; its file trains on every image.
OPTIONS = {"krotov-hopfield-cifar-10": ["--seeds", "101", "--set", "task.split.train=0.8333",
                                        "--set", "task.split.validation=0.1667"]}


def document_of(experiment):
    return json.loads((HERE / f"{experiment}.json").read_text())


def pilots_of(experiment):
    if experiment not in GRIDS:
        return PILOTS[experiment]
    return {arm["name"]: GRID_PILOT for arm in document_of(experiment)["rules"]
            if arm["name"].endswith(STRENGTH)}


def memories_of(arm):
    return MEMORIES if arm in ("bcm", "bcm-inhibition") else ("",)


def place_of(arm):
    return ".".join(filter(None, [PLACES.get(arm), "optimizer.rate"]))


def rate_at(pilot, step):
    return float(f"{pilot * 10 ** (step / 2):.3g}")


class Search:
    def __init__(self, program, settings, experiment):
        self.program, self.settings, self.experiment = program, settings, experiment
        features = document_of(experiment).get("features")
        self.metric = "validation_accuracy"
        if features:
            self.metric = f"{features['readouts'][0]['name']}_{self.metric}"
        self.chosen = {}
        self.tried = {}
        if TABLE.exists():
            for row in csv.DictReader(TABLE.open()):
                if row["experiment"] == experiment:
                    key = (row["arm"], row["memory"], float(row["rate"]))
                    found = row["validation_accuracy"]
                    self.tried[key] = float(found) if found else -math.inf  # it diverged

    def attempt(self, arm, memory, rate):
        chosen = ["--set", f"rules.{arm}.{place_of(arm)}={rate}"]
        if arm in FIRST_LAYERS:
            below = self.chosen[FIRST_LAYERS[arm]][1]
            chosen += ["--set", f"rules.{arm}.drive.0.optimizer.rate={below}"]
        if memory != "":
            chosen += ["--set", f"rules.{arm}.parameters.memory={memory}"]
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [self.program, "compare", HERE / f"{self.experiment}.json", "--rules", arm,
                 "--json", "--quiet", "--out", f"{folder}/out",
                 *OPTIONS.get(self.experiment, ["--seeds", SEEDS]), *chosen, *self.settings],
                stdout=subprocess.PIPE, text=True)
        if done.returncode not in (0, 4):  # 4: a run diverged
            sys.exit(f"tune.py: {self.experiment} {arm} at {rate} failed")
        rule = json.loads(done.stdout)["rules"][0]
        found = rule["metrics"].get(self.metric)
        return found["median"] if found and rule["failed"] == 0 else None

    def accuracy(self, arm, memory, rate):
        key = (arm, str(memory), rate)
        if key not in self.tried:
            found = self.attempt(arm, memory, rate)
            is_new = not TABLE.exists()
            with TABLE.open("a", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                if is_new:
                    table.writerow(COLUMNS)
                table.writerow([self.experiment, arm, memory, rate,
                                "" if found is None else round(found, 5)])
            self.tried[key] = -math.inf if found is None else round(found, 5)
        return self.tried[key]

    def best(self, arm, memory, pilot):
        """(accuracy, rate, whether at an edge of what was searched)"""
        low, high = -FIRST, FIRST
        while True:
            found = {step: self.accuracy(arm, memory, rate_at(pilot, step))
                     for step in range(low, high + 1)}
            step = max(found, key=lambda tried: found[tried])
            if step == low and low > -FIRST - FURTHER:
                low -= 1
            elif step == high and high < FIRST + FURTHER:
                high += 1
            else:
                return found[step], rate_at(pilot, step), step in (low, high)

    def choose(self, arm, pilot):
        """(accuracy, rate, edge, memory)"""
        found = [(*self.best(arm, memory, pilot), memory) for memory in memories_of(arm)]
        best = max(found, key=lambda tried: tried[0])
        if best[0] == -math.inf:
            sys.exit(f"tune.py: {self.experiment} {arm} diverges at every rate")
        self.chosen[arm] = best
        return best


def owner(arm, place):
    for key in place.split(".")[:-1]:
        arm = arm[int(key)] if isinstance(arm, list) else arm.setdefault(key, {})
    return arm


def write(experiment, chosen):
    document = document_of(experiment)
    for arm in document["rules"]:
        tuned = arm["name"].split("-strength")[0] + STRENGTH if experiment in GRIDS else arm["name"]
        if tuned in chosen:
            _, rate, _, memory = chosen[tuned]
            owner(arm, place_of(tuned))["rate"] = rate
            if tuned in FIRST_LAYERS:
                owner(arm, "drive.0.optimizer.rate")["rate"] = chosen[FIRST_LAYERS[tuned]][1]
            if memory != "":
                arm["parameters"]["memory"] = memory
    text = json.dumps(document, indent=2, ensure_ascii=False)
    (HERE / f"{experiment}.json").write_text(text + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deltaw", default="deltaw")
    parser.add_argument("--set", action="append", default=[], help="passed on to deltaw compare")
    parser.add_argument("--write", action="store_true", help="put the choice into the experiments")
    parser.add_argument("experiment", nargs="*", default=[*PILOTS, *GRIDS])
    arguments = parser.parse_args()
    settings = [word for setting in arguments.set for word in ("--set", setting)]
    for experiment in arguments.experiment:
        search = Search(arguments.deltaw, settings, experiment)
        for arm, pilot in pilots_of(experiment).items():
            accuracy, rate, edge, memory = search.choose(arm, pilot)
            print(f"{experiment:24} {arm:24} {f'memory {memory}' if memory != '' else '':12} "
                  f"{rate:<10g} {accuracy:.4f}{' at an edge' if edge else ''}", flush=True)
        if arguments.write:
            write(experiment, search.chosen)


if __name__ == "__main__":
    main()
