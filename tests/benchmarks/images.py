#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Training of convolutional and recurrent networks on MNIST beside PyTorch with the same optimizer,
whole processes on one thread that take turns. Prints training images a CPU second (medians), the
ratio to the faster of PyTorch's two layouts (images plane by plane or pixel by pixel; steps or
samples first), the share of this core's sgemm rate, and the peak of memory.
Needs scripts/install-dependencies --benchmarks.
Usage: images.py --data FOLDER [--deltaw FILE] [--rounds N] [--only NAME]"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess

from throughput import HERE, ROOT, SINGLE, of_deltaw

SETTINGS = [  # name, network, images and epochs of a turn, aim
    ("LeNet", "28x28-C5x6-MP-C5x16-MP-120-84-10", 19200, 1, 1.5),
    ("CNN 1", "28x28-C3x32-C5x128-MP-C3x128-MP-D.2-128-D.3-10", 1600, 1, 1.1),
    ("CNN 3", "28x28-C3x32-C3x64-MP-C5x128-MP-D.2-128-D.5-10", 3200, 1, 1.1),
    ("GRU", "28x28-col GRU128-64-10", 9600, 1, 3),
    ("LSTM", "28x28-col LSTM128-64-10", 9600, 1, 3),
]
BATCH = 32


def experiment(network, images, epochs):
    return {
        "deltaw": 1, "name": "images",
        "task": {"type": "mnist",
                 "split": {"train": 1, "limit_train": images, "limit_test": BATCH}},
        "network": {"layers": network},
        "training": {"epochs": epochs, "batch": BATCH, "evaluate_every": epochs,
                     "loss": "cross-entropy"},
        "optimizer": {"type": "adadelta"},
        "rules": ["backprop"], "seeds": 1, "jobs": 1,
    }


def of_torch(folder, network, images, epochs, *options):
    done = subprocess.run(["/usr/bin/python3", HERE / "images_peer.py", *options, folder, network,
                           str(images), str(BATCH), str(epochs)],
                          check=True, capture_output=True, text=True, env={**os.environ, **SINGLE})
    return json.loads(done.stdout)


def compare(arguments, name, network, images, epochs, aim):
    document, folder = experiment(network, images, epochs), arguments.data / "mnist"
    ours, plain, other = [], [], []
    for _ in range(arguments.rounds):
        ours.append(of_deltaw(arguments.deltaw, arguments.data, document))
        plain.append(of_torch(folder, network, images, epochs))
        other.append(of_torch(folder, network, images, epochs, "--other-layout"))
    rates = [statistics.median(turn["images_per_second"] for turn in side)
             for side in (ours, plain, other)]
    sgemm = max(turn["sgemm"] for turn in plain + other)
    gflops = 2 * ours[0]["multiply_adds"] * rates[0] / 1e9
    print(f"{name} ({network}), batch {BATCH}: deltaw {rates[0]:,.0f} images/s, PyTorch "
          f"{rates[1]:,.0f}, other layout {rates[2]:,.0f}; ratio {rates[0] / max(rates[1:]):.2f} "
          f"(aim {aim}); {gflops:.0f} GFLOP/s, {100 * gflops / sgemm:.0f} % of sgemm's {sgemm:.0f}; "
          f"peak {ours[0]['memory']:.0f} MiB, PyTorch {plain[0]['memory']:.0f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deltaw", type=pathlib.Path, default=ROOT / "build/release/bin/deltaw")
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("DELTAW_DATA"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="one of LeNet, CNN 1, CNN 3, GRU, LSTM")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data FOLDER, which holds mnist/")
    for setting in SETTINGS:
        if arguments.only in (None, setting[0]):
            compare(arguments, *setting)


if __name__ == "__main__":
    main()
