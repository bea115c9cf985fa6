#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Training throughput of deltaw beside PyTorch, whole processes on one thread, taking turns so that
both see the same noise. Prints training images a CPU second (medians), their ratio and the share of
this core's sgemm rate. Needs scripts/install-dependencies --benchmarks.
Usage: throughput.py [--deltaw FILE] [--data FOLDER] [--rounds N] [--json]"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SETTINGS = [  # task, sizes, batch, epochs of a turn, required ratio
    ("digits", (64, 64, 64, 10), 32, 100, 3.0),
    ("mnist", (784, 256, 10), 32, 1, 1.5),
    ("mnist", (784, 256, 10), 128, 1, 1.2),
]
SINGLE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def experiment(task, sizes, batch, epochs):
    names = ["in", *(f"h{i}" for i in range(1, len(sizes) - 1)), "out"]
    layers = [{"name": names[0], "units": sizes[0]}]
    layers += [{"name": name, "units": units, "activation": "relu"}
               for name, units in zip(names[1:-1], sizes[1:-1])]
    layers += [{"name": names[-1], "units": sizes[-1], "activation": "softmax"}]
    return {
        "deltaw": 1, "name": f"throughput-{task}",
        "task": {"type": task, "split": {"train": 1} if task == "mnist" else {"train": 0.9}},
        "network": {"layers": layers},
        "training": {"epochs": epochs, "batch": batch, "evaluate_every": epochs,
                     "loss": "cross-entropy"},
        "optimizer": {"type": "sgd", "rate": 0.1},
        "rules": ["backprop"], "seeds": 1, "jobs": 1,
    }


def of_deltaw(program, data, document):
    batch = document["training"]["batch"]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "experiment.json")
        file.write_text(json.dumps(document))
        out = pathlib.Path(folder, "out")
        done = subprocess.Popen([program, "run", file, "--out", out], stdout=subprocess.DEVNULL,
                                env={**os.environ, **SINGLE, "DELTAW_DATA": str(data)})
        _, status, used = os.wait4(done.pid, 0)
        if status != 0:
            sys.exit(f"{program} ended with {status}")
        run = json.loads((out / "runs/backprop/seed-1/run.json").read_text())["metrics"]
        images = run["updates"] * batch  # the last batch of an epoch may be smaller: under 1 %
        return {"images_per_second": images / run["seconds"], "accuracy": run["train_accuracy"],
                "multiply_adds": run["multiply_adds"] / images, "memory": used.ru_maxrss / 1024}


def of_torch(folder, task, sizes, batch, epochs, *options):
    done = subprocess.run(["/usr/bin/python3", HERE / "torch_peer.py", *options, task, folder,
                           "-".join(map(str, sizes)), str(batch), str(epochs)],
                          check=True, capture_output=True, text=True, env={**os.environ, **SINGLE})
    return json.loads(done.stdout)


def work_of_an_image(sizes):
    """FLOP of the forward product, the weight gradient, and the way down to all but the input."""
    weights = [a * b for a, b in zip(sizes, sizes[1:])]
    return 2 * (3 * sum(weights) - weights[0])


def compare(arguments, task, sizes, batch, epochs, required):
    folder = ROOT / "data/digits" if task == "digits" else arguments.data / task
    torch_epochs = epochs if task == "mnist" else epochs // 4
    ours, theirs, loaders = [], [], []
    for _ in range(arguments.rounds):
        ours.append(of_deltaw(arguments.deltaw, arguments.data,
                              experiment(task, sizes, batch, epochs)))
        theirs.append(of_torch(folder, task, sizes, batch, torch_epochs))
        loaders.append(of_torch(folder, task, sizes, batch, torch_epochs, "--loader"))
    rates = [statistics.median(turn["images_per_second"] for turn in side)
             for side in (ours, theirs, loaders)]
    sgemm = max(turn["sgemm"] for turn in theirs)
    return {
        "task": task, "sizes": list(sizes), "batch": batch, "rounds": arguments.rounds,
        "deltaw": rates[0], "torch": rates[1], "torch_with_loader": rates[2],
        "ratio": rates[0] / rates[1], "ratio_with_loader": rates[0] / rates[2],
        "required": required,
        "gflops": rates[0] * work_of_an_image(sizes) / 1e9, "sgemm": sgemm,
        "accuracy": {"deltaw": ours[-1]["accuracy"], "torch": theirs[-1]["accuracy"]},
        "torch_version": theirs[-1]["version"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deltaw", type=pathlib.Path, default=ROOT / "build/release/bin/deltaw")
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("DELTAW_DATA"),
                        help="folder that holds mnist/; without it only digits are timed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = []
    for setting in SETTINGS:
        if setting[0] == "mnist" and arguments.data is None:
            print("mnist is left out: no --data and no DELTAW_DATA", file=sys.stderr)
            break
        rows.append(compare(arguments, *setting))
        if not arguments.json:
            row = rows[-1]
            name = f"{row['task']} {'-'.join(map(str, row['sizes']))}, batch {row['batch']}"
            print(f"{name}: deltaw {row['deltaw']:,.0f} images/s; PyTorch {row['torch']:,.0f}, "
                  f"with its DataLoader {row['torch_with_loader']:,.0f}\n"
                  f"    ratio {row['ratio']:.2f} and {row['ratio_with_loader']:.2f} "
                  f"(aim {row['required']}); {row['gflops']:.0f} GFLOP/s, "
                  f"{100 * row['gflops'] / row['sgemm']:.0f} % of sgemm's {row['sgemm']:.0f}; "
                  f"train accuracy {row['accuracy']['deltaw']:.3f}, {row['accuracy']['torch']:.3f}")
    if arguments.json:
        print(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
