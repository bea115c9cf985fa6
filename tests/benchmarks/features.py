#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Seconds an epoch of MNIST's 60,000 training images takes with Krotov-Hopfield's and with the BCM
rule: deltaw beside NumPy, PyTorch and the C++ library `plasticity` (Curti, Squadrani et al. 2023),
whole processes taking turns so that all see the same noise; medians, and ratios to deltaw.
Loading is excluded. With 2000 units all get a fifth of the images, and their time counts 5 times.
Needs scripts/install-dependencies --benchmarks.

--threads 1: CPU seconds of one thread. --threads 2: wall seconds, so on an idle machine only;
deltaw makes two runs at a time (two seeds, one thread each) and is given half the time of the
pair, the others compute one run with two threads.

--plasticity PROGRAM: the library is no package, so a program of your own that is called as
    PROGRAM bcm|hopfield IMAGES HIDDEN BATCH EPOCHS P K
reads MNIST's decompressed IDX file IMAGES, scales its pixels to [0, 1] and trains with `fit`:
bcm with relu, adam and he_normal, hopfield with sgd, normal and delta 0.4; decay 0 in both. It is
charged (time with E epochs - time with 0 epochs) / E. Without it that column is left out.

Usage: features.py --data FOLDER [--deltaw FILE] [--plasticity PROGRAM] [--threads 1|2]
                   [--rounds N] [--only WORD] [--json]"""
import argparse
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SETTINGS = [  # rule, hidden units, batch, p, k; a turn: epochs, share of the images
    ("krotov-hopfield", 2000, 100, 2, 2, 2, 0.2),
    ("krotov-hopfield", 2000, 100, 3, 7, 2, 0.2),
    ("bcm", 2000, 100, 2, 2, 2, 0.2),
    ("krotov-hopfield", 100, 100, 2, 2, 3, 1),
    ("bcm", 100, 100, 2, 2, 3, 1),
]
IMAGES = 60000
# (rule, hidden units): seconds of one core, and times as fast as plasticity; all others: 1
AIMS = {("krotov-hopfield", 2000): (3.2, 5), ("bcm", 2000): (5.8, 10),
        ("krotov-hopfield", 100): (0.3, 1), ("bcm", 100): (0.3, 1)}
NAMES = {"numpy": "NumPy", "sparse": "NumPy, winners' rows", "torch": "PyTorch",
         "plasticity": "plasticity"}


def threads(count):
    return {**os.environ, **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(count))}


def experiment(rule, hidden, batch, p, k, epochs, share, seeds):
    is_bcm = rule == "bcm"
    return {
        "deltaw": 1, "name": f"speed-{rule}",
        "task": {"type": "mnist", "split": {"train": share, "validation": 1 - share}},
        "network": {
            "layers": [{"name": "in", "units": 784},
                       {"name": "features", "units": hidden, "bias": False,
                        "activation": "relu" if is_bcm else "linear"}],
            "connections": [{"from": "in", "to": "features",
                             "init": "he-normal" if is_bcm
                             else {"type": "normal", "deviation": 1}}],
        },
        "training": {"epochs": epochs, "batch": batch, "evaluate_every": epochs, "loss": "none"},
        "optimizer": {"type": "adam", "rate": 0.002} if is_bcm
        else {"type": "sgd", "rate": 0.02, "schedule": "linear"},
        "rules": [{"rule": rule, "parameters": {"threshold": "batch"} if is_bcm
                   else {"p": p, "k": k}}],
        "seeds": seeds,
    }


def timed(command, environment):
    """Seconds of CPU and of wall time of a whole process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start


def run_deltaw(arguments, setting, epochs, folder):
    *shape, _, share = setting
    file, out = pathlib.Path(folder, "experiment.json"), pathlib.Path(folder, f"out-{epochs}")
    file.write_text(json.dumps(experiment(*shape, epochs, share, arguments.threads)))
    seeds = "1" if arguments.threads == 1 else "1,2"
    command = [arguments.deltaw, "run", file, "--out", out, "--quiet", "--seeds", seeds,
               "--jobs", str(arguments.threads)]
    wall = timed(command, {**threads(1), "DELTAW_DATA": str(arguments.data)})[1]
    run = out / "runs" / setting[0] / "seed-1"
    return wall, json.loads((run / "run.json").read_text())["metrics"]["seconds"], run


def of_deltaw(arguments, setting):
    *_, epochs, share = setting
    with tempfile.TemporaryDirectory() as folder:
        wall, seconds, run = run_deltaw(arguments, setting, epochs, folder)
        weights = np.load(next((run / "weights").glob("*.npy")))
        turn = {"seconds": seconds / epochs / share, "norm": float(np.linalg.norm(weights))}
        if arguments.threads == 2:  # everything but training cancels
            longer = run_deltaw(arguments, setting, 3 * epochs, folder)[0]
            turn["seconds"] = (longer - wall) / (2 * epochs) / 2 / share
        return turn


def of_python(arguments, library, setting):
    rule, hidden, batch, p, k, epochs, share = setting
    numbers = hidden, batch, epochs, p, k, int(IMAGES * share)
    command = ["/usr/bin/python3", HERE / "features_peer.py", library, rule,
               arguments.data / "mnist", *map(str, numbers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True,
                          env=threads(arguments.threads))
    turn = json.loads(done.stdout)
    return {"seconds": turn["cpu" if arguments.threads == 1 else "wall"] / share, **turn}


def of_plasticity(arguments, folder, setting):
    rule, hidden, batch, p, k, epochs, share = setting
    epochs = epochs if share == 1 else 1  # it takes its time
    images = part_of_images(arguments.data, folder, int(IMAGES * share))
    name = "hopfield" if rule == "krotov-hopfield" else rule
    which = 0 if arguments.threads == 1 else 1

    def seconds(count):
        command = [arguments.plasticity, name, images, *map(str, (hidden, batch, count, p, k))]
        return timed(command, threads(arguments.threads))[which]

    return {"seconds": (seconds(epochs) - seconds(0)) / epochs / share}


def part_of_images(data, folder, count):
    """MNIST's file of training images, decompressed, with the first `count` of them."""
    file = pathlib.Path(folder, f"{count}.idx")
    with gzip.open(data / "mnist/train-images-idx3-ubyte.gz") as packed:
        whole = packed.read(16 + 784 * count)
    file.write_bytes(whole[:4] + count.to_bytes(4, "big") + whole[8:])
    return file


def sgemm_rate(m, n, k):
    """GFLOP/s of one thread's product of m x k and k x n: the best of 20."""
    code = (f"import numpy, time\n"
            f"a = numpy.random.rand({m}, {k}).astype('f4')\n"
            f"b = numpy.random.rand({k}, {n}).astype('f4')\n"
            f"best = 9.0\n"
            f"for _ in range(20):\n"
            f"    start = time.process_time(); a @ b\n"
            f"    best = min(best, time.process_time() - start)\n"
            f"print(2e-9 * {m} * {n} * {k} / best)\n")
    done = subprocess.run(["/usr/bin/python3", "-c", code], check=True, capture_output=True,
                          text=True, env=threads(1))
    return float(done.stdout)


def compare(arguments, folder, setting):
    rule, hidden, batch, p, k, *_ = setting
    libraries = ["numpy", "sparse", "torch"] if rule == "krotov-hopfield" else ["numpy", "torch"]
    turns = {"deltaw": [], **{library: [] for library in libraries}}
    if arguments.plasticity:
        turns["plasticity"] = []
    rates = []
    for _ in range(arguments.rounds):
        turns["deltaw"].append(of_deltaw(arguments, setting))
        for library in libraries:
            turns[library].append(of_python(arguments, library, setting))
        if arguments.plasticity:
            turns["plasticity"].append(of_plasticity(arguments, folder, setting))
        rates.append(sgemm_rate(hidden, batch, 784))
    seconds = {name: statistics.median(turn["seconds"] for turn in side)
               for name, side in turns.items()}
    products = 1 if rule == "krotov-hopfield" else 2  # dense ones that the rule cannot avoid
    floor = products * 2e-9 * hidden * 784 * IMAGES / max(rates)
    return {
        "rule": rule, "hidden": hidden, "batch": batch, "p": p, "k": k,
        "threads": arguments.threads, "rounds": arguments.rounds, "seconds": seconds,
        "ratios": {name: value / seconds["deltaw"] for name, value in seconds.items()},
        "aims": AIMS[rule, hidden], "sgemm": max(rates), "products_seconds": floor,
        "all": {name: [turn["seconds"] for turn in side] for name, side in turns.items()},
        "norms": {name: side[-1]["norm"] for name, side in turns.items() if "norm" in side[-1]},
    }


def print_row(row):
    kind = f", p {row['p']}, k {row['k']}" if row["rule"] == "krotov-hopfield" else ""
    unit = "CPU s" if row["threads"] == 1 else "wall s, two threads,"
    limit, times_plasticity = row["aims"]
    print(f"{row['rule']} {row['hidden']}/{row['batch']}{kind}: deltaw "
          f"{row['seconds']['deltaw']:.2f} {unit} an epoch (aim: {limit} on one core); sgemm alone "
          f"{row['products_seconds']:.2f} on one core, at {row['sgemm']:.0f} GFLOP/s")
    for name, ratio in row["ratios"].items():
        if name == "deltaw":
            continue
        aim = times_plasticity if name == "plasticity" else 1
        print(f"    {NAMES[name]}: {row['seconds'][name]:.2f}, ratio {ratio:.2f} (aim {aim})")
    print("    norm of the weights:", ", ".join(f"{name} {value:.1f}"
                                               for name, value in row["norms"].items()), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deltaw", type=pathlib.Path, default=ROOT / "build/release/bin/deltaw")
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("DELTAW_DATA"),
                        help="folder that holds mnist/")
    parser.add_argument("--plasticity", type=pathlib.Path, metavar="PROGRAM")
    parser.add_argument("--threads", type=int, choices=(1, 2), default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", metavar="WORD",
                        help="settings whose text, as 'bcm 2000', begins so")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.data is None:
        raise SystemExit("features.py needs MNIST: --data FOLDER or DELTAW_DATA")
    if not arguments.plasticity:
        print("plasticity is left out: no --plasticity", file=sys.stderr)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for setting in SETTINGS:
            if not f"{setting[0]} {setting[1]}".startswith(arguments.only):
                continue
            rows.append(compare(arguments, folder, setting))
            if not arguments.json:
                print_row(rows[-1])
    if arguments.json:
        print(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
