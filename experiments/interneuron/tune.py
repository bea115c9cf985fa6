#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chooses the rates of the interneuron experiments: for every size and arm the same number of
trials on the same seeds, by validation accuracy alone. A first search over wide ranges
(tuning-wide.csv) set the ranges of the second (tuning.csv), which chooses. Deterministic, and
resumable: a trial that stands in its table is not run again. Usage: tune.py [DELTAW]"""
import array
import csv
import gzip
import json
import math
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SIZES = ("5-5", "64-64", "5-64")
ARMS = ("mlp", "nonnegative-mlp", "continuous", "threshold")
TRIALS = 27
SEEDS = range(101, 106)
RANGES = {
    "tuning-wide.csv": {"excitatory": (1e-6, 1), "inhibitory": (1e-2, 1e2), "quantile": (0.1, 0.9)},
    "tuning.csv": {"excitatory": (1e-6, 1e-2), "inhibitory": (1e-1, 1e2), "quantile": (0, 0.5)},
}
COLUMNS = ("size", "arm", "trial", "rate", "excitatory", "inhibitory", "quantile", "threshold",
           "runs", "area", "accuracy")


def radical_inverse(index, base):
    value, place = 0.0, 1.0
    while index:
        place /= base
        value += place * (index % base)
        index //= base
    return value


def rounded(value):
    return float(f"{value:.3g}")


def between(low, high, share):
    """Logarithmic from low to high."""
    return rounded(low * (high / low) ** share)


def configuration(trial, ranges):
    """Point `trial` of a Hammersley set. The arms differ in how many of its coordinates they use."""
    low, high = ranges["quantile"]
    return {"rate": between(0.02, 2, trial / (TRIALS - 1)),
            "excitatory": between(*ranges["excitatory"], radical_inverse(trial + 1, 2)),
            "inhibitory": between(*ranges["inhibitory"], radical_inverse(trial + 1, 3)),
            "quantile": rounded(low + (high - low) * radical_inverse(trial + 1, 5))}


def deltaw(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    if done.returncode not in (0, 4):  # 4: a run diverged, which the summary counts
        sys.exit(f"tune.py: {program} {' '.join(map(str, arguments))} failed")
    return json.loads(done.stdout)


def images():
    with gzip.open(HERE.parents[1] / "data/digits/digits.csv.gz", "rt") as file:
        return [[int(value) / 16 for value in row[:64]] for row in csv.reader(file)]


def npy(path):
    """The float32 values of a .npy file of version 1."""
    content = path.read_bytes()
    start = 10 + int.from_bytes(content[8:10], "little")
    return array.array("f", content[start:])


def drives(program, seeds):
    """Sorted v.x of all images before training, pooled over seeds. Labels play no part."""
    with tempfile.TemporaryDirectory() as folder:
        deltaw(program, "run", HERE / "64-64.json", "--rules", "continuous", "--json", "--quiet",
               "--seeds", f"{seeds[0]}-{seeds[-1]}", "--out", pathlib.Path(folder, "out"),
               "--set", "training.epochs=1", "--set", "rules.continuous.optimizer.rate=1e-30")
        runs = pathlib.Path(folder, "out/runs/continuous")
        weights = [npy(runs / f"seed-{seed}/weights/input>interneuron.npy") for seed in seeds]
    return sorted(math.fsum(map(float.__mul__, v.tolist(), x)) for v in weights for x in images())


def quantile(values, share):
    return rounded(values[min(int(share * len(values)), len(values) - 1)])


def settings(arm, chosen):
    sets = [f"rules.{arm}.optimizer.rate={chosen['rate']}"]
    if arm in ("continuous", "threshold"):
        sets += [f"rules.{arm}.parameters.rate_{kind}={chosen[kind]}"
                 for kind in ("excitatory", "inhibitory")]
    if arm == "threshold":
        place = "rules.threshold.network.layers.interneuron.activation.threshold"
        sets.append(f"{place}={chosen['threshold']}")
    return sets


def attempt(program, size, trial, chosen):
    sets = ["task.split.train=0.56", "task.split.validation=0.14", "task.split.test=0.3",
            "criterion.metric=validation_accuracy"]
    for arm in ARMS:
        sets += settings(arm, chosen)
    changes = [part for change in sets for part in ("--set", change)]
    with tempfile.TemporaryDirectory() as folder:
        summary = deltaw(program, "compare", HERE / f"{size}.json", "--json", "--quiet",
                         "--seeds", f"{SEEDS[0]}-{SEEDS[-1]}", "--out", pathlib.Path(folder, "out"),
                         *changes)
    for rule in summary["rules"]:
        metrics = rule["metrics"]  # the test part is measured too, and not looked at
        used = {"mlp": 1, "nonnegative-mlp": 1, "continuous": 3, "threshold": 5}[rule["rule"]]
        row = {"size": size, "arm": rule["rule"], "trial": trial, "runs": rule["runs"]}
        row.update(list(chosen.items())[:used])
        if rule["runs"] == len(SEEDS):
            row["area"] = f"{metrics['area_under_curve']['median']:.4f}"
            row["accuracy"] = f"{metrics['validation_accuracy']['median']:.4f}"
        yield row


def best(rows, size, arm):
    """The finished trial with the largest area under the validation curve; of equals the first."""
    return max((row for row in rows if (row["size"], row["arm"]) == (size, arm) and row["area"]),
               key=lambda row: float(row["area"]))


def search(program, table, ranges, pool):
    rows = list(csv.DictReader(table.read_text().splitlines())) if table.exists() else []
    known = {(row["size"], int(row["trial"])) for row in rows}
    for size in SIZES:
        for trial in range(TRIALS):
            if (size, trial) in known:
                continue
            chosen = configuration(trial, ranges)
            chosen["threshold"] = quantile(pool, chosen["quantile"])
            rows += attempt(program, size, trial, chosen)
            with table.open("w", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            print(f"{table.name}: {size}, trial {trial + 1} of {TRIALS}", file=sys.stderr)
    return rows


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "deltaw"
    pool = drives(program, SEEDS)
    for name, ranges in RANGES.items():
        rows = search(program, HERE / name, ranges, pool)
        print(name)
        for size in SIZES:
            for arm in ARMS:
                row = best(rows, size, arm)
                found = (f"{key}={row[key]}" for key in COLUMNS[1:] if row.get(key, "") != "")
                print(" ", size, *found)


if __name__ == "__main__":
    main()
