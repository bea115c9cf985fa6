#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""CPU ms that an image costs the network of Diehl & Cook 2015 while it learns (1000 steps of
0.5 ms, the parameters that the authors released, each image shown once), on one thread: deltaw
beside Brian2's C++ standalone mode (Stimberg, Brette and Goodman 2019, doi:10.7554/eLife.47314).
Whole processes take turns; medians. Loading, setting up and building are not counted. "Trained" is
the second pass over as many images as --trained says. Draws cost against units and against the
input's rate. Needs scripts/install-dependencies --benchmarks.

Usage: spikes_peer.py --data FOLDER [--deltaw FILE] [--rounds N] [--units N ...] [--brian2 N ...]
                      [--trained IMAGES] [--builds FOLDER] [--chart FILE.svg] [--json FILE]
    --brian2: the sizes that Brian2 runs, too; --builds: keeps its programs, and uses those there"""
import argparse
import csv
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DELAYS = (0, 10)  # ms, the longest
RATES = (16, 32, 63.75, 127.5, 255)  # Hz at the brightest pixel
RATE = 63.75
AIMS = {(400, 0): 0.8, (400, 10): 2.0, (6400, 0): 6.0}  # ms, untrained; trained 1.5 times that
BRIAN2_IMAGES = 20


def images_of(units):
    """So many that a run takes a second or so."""
    return max(50, min(1000, 200000 // units))


def experiment(units, longest, rate, images, epochs):
    document = json.loads((ROOT / "experiments/spikes/diehl-cook-400.json").read_text())
    document["task"] = {"type": "mnist", "split": {"limit_train": images, "limit_test": 10}}
    source, *layers = document["network"]["layers"]
    source["source"]["rate"] = rate
    for layer in layers:
        layer["units"] = units
    document["network"]["connections"][0]["delay"] = {"low": 0, "high": longest} if longest else 0
    document["training"]["epochs"] = epochs
    document["training"]["evaluate_every"] = images
    document["training"]["presentation"]["least_spikes"] = 0
    document["features"] = {"layer": "excitatory"}
    document["seeds"] = [1]
    return document


def run_deltaw(options, units, longest, rate=RATE, images=None, epochs=1):
    """ms and spikes an image, in the last epoch."""
    images = images or images_of(units)
    with tempfile.TemporaryDirectory() as folder:
        file, out = pathlib.Path(folder, "spikes.json"), pathlib.Path(folder, "out")
        file.write_text(json.dumps(experiment(units, longest, rate, images, epochs)))
        subprocess.run([options.deltaw, "run", file, "--data", options.data, "--out", out,
                        "--quiet", "--jobs", "1"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
        with open(out / "metrics.csv", newline="") as rows:
            seconds = [float(row["seconds"]) for row in csv.DictReader(rows)]
        features = json.loads(next(out.glob("runs/*/seed-1/features.json")).read_text())
    return {"ms": 1000 * (seconds[-1] - seconds[-2]) / images,
            "spikes": features["course"][-1]["spikes"]}


def run_brian2(options, units, longest, images):
    done = subprocess.run([sys.executable, "-W", "ignore", HERE / "brian2_peer.py", str(units),
                           str(longest), images, options.builds / f"{units}-{longest}"],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def median(runs):
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def measure(options, images):
    """Rows {simulator, units, longest, rate, state, ms, spikes}."""
    runs = {}

    def keep(found, simulator, units, longest, rate=RATE, state="untrained"):
        runs.setdefault((simulator, units, longest, rate, state), []).append(found)
        print(simulator, units, longest, rate, state, found, file=sys.stderr)

    for _ in range(options.rounds):
        for units in options.units:
            for longest in DELAYS:
                keep(run_deltaw(options, units, longest), "deltaw", units, longest)
                if units in options.brian2:
                    keep(run_brian2(options, units, longest, images), "Brian2", units, longest)
        for rate in RATES:
            for longest in DELAYS:
                if rate != RATE:
                    keep(run_deltaw(options, 400, longest, rate), "deltaw", 400, longest, rate)
    for units in options.units if options.trained else ():
        for longest in DELAYS:
            keep(run_deltaw(options, units, longest, images=options.trained, epochs=2), "deltaw",
                 units, longest, state="trained")
    names = ("simulator", "units", "longest", "rate", "state")
    return [{**dict(zip(names, key)), **median(found)} for key, found in runs.items()]


def select(rows, **wanted):
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def print_table(rows):
    print("| units | delays | deltaw, ms | spikes | trained, ms | spikes | Brian2, ms | spikes "
          "| ratio | aim (trained) |\n" + "|---" * 10 + "|")
    for row in select(rows, simulator="deltaw", rate=RATE, state="untrained"):
        where = {"units": row["units"], "longest": row["longest"], "rate": RATE}
        cells = [str(row["units"]), "own" if row["longest"] else "none"]
        for found in ([row], select(rows, **where, state="trained"),
                      select(rows, **where, simulator="Brian2")):
            cells += [f"{found[0]['ms']:.2f}", f"{found[0]['spikes']:.0f}"] if found else ["", ""]
        peer = select(rows, **where, simulator="Brian2")
        cells.append(f"{peer[0]['ms'] / row['ms']:.0f}" if peer else "")
        aim = AIMS.get((row["units"], row["longest"]))
        cells.append(f"{aim:g} ({1.5 * aim:g})" if aim else "")
        print("| " + " | ".join(cells) + " |")


def draw(rows, file):
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    plt.rcParams.update({"svg.hashsalt": "deltaw", "svg.fonttype": "none"})
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    lines = [("deltaw", 0, "untrained", "C0", "-"), ("deltaw", 10, "untrained", "C1", "-"),
             ("deltaw", 0, "trained", "C0", ":"), ("deltaw", 10, "trained", "C1", ":"),
             ("Brian2", 0, "untrained", "C0", "--"), ("Brian2", 10, "untrained", "C1", "--")]
    for axis, key, fixed in ((axes[0], "units", {"rate": RATE}), (axes[1], "rate", {"units": 400})):
        for simulator, longest, state, color, style in lines:
            found = sorted(select(rows, simulator=simulator, longest=longest, state=state, **fixed),
                           key=lambda row: row[key])
            if not found or len(found) < 2 and key == "rate":
                continue
            delays = "delays of 0 to 10 ms" if longest else "no delays"
            axis.plot([row[key] for row in found], [row["ms"] for row in found], style, color=color,
                      marker="s" if simulator == "Brian2" else "o", markersize=4,
                      label=f"{simulator}, {state}, {delays}")
        name = "excitatory units" if key == "units" else "Hz at the brightest pixel, 400 units"
        axis.set(xscale="log", yscale="log", xlabel=name, ylabel="CPU ms an image")
        axis.grid(alpha=0.3)
        axis.legend(fontsize=6, frameon=False)
    figure.savefig(file, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("DELTAW_DATA"))
    parser.add_argument("--deltaw", default=ROOT / "build/release/bin/deltaw")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--units", type=int, nargs="*", default=[100, 400, 1600, 6400])
    parser.add_argument("--brian2", type=int, nargs="*", default=[100, 400, 1600])
    parser.add_argument("--trained", type=int, default=10000)
    parser.add_argument("--builds", type=pathlib.Path)
    parser.add_argument("--chart")
    parser.add_argument("--json")
    options = parser.parse_args()
    if not options.data:
        parser.error("--data FOLDER or DELTAW_DATA: the folder that holds mnist/")
    with tempfile.TemporaryDirectory() as folder:
        options.builds = (options.builds or pathlib.Path(folder)).resolve()
        images = pathlib.Path(folder, "images.npy")
        file = next(pathlib.Path(options.data, "mnist").glob("train-images*"))
        content = gzip.open(file).read() if file.suffix == ".gz" else file.read_bytes()
        shown = np.frombuffer(content, np.uint8, BRIAN2_IMAGES * 784, offset=16)
        np.save(images, shown.reshape(-1, 784) / 255)
        rows = measure(options, images)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=1))
    print_table(rows)
    if options.chart:
        draw(rows, options.chart)


if __name__ == "__main__":
    main()
