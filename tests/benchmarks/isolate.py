#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a process for each run (`deltaw compare --isolate`) costs in CPU time.
Usage: isolate.py BUILD_TREE [--data FOLDER]

The same comparison with and without it, in turns; the ratio is the median of pairs. Short runs on the
digits and, where --data names a folder that holds mnist/, longer ones on MNIST."""
import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import tempfile

PAIRS = 5


def experiment(task, hidden, epochs, seeds):
    return {"deltaw": 1, "name": "isolated", "task": {"type": task},
            "network": {"layers": [{"name": "input", "units": 64 if task == "digits" else 784},
                                   {"name": "hidden", "units": hidden, "activation": "relu"},
                                   {"name": "output", "units": 10, "activation": "softmax"}]},
            "training": {"epochs": epochs}, "optimizer": {"type": "sgd", "rate": 0.1},
            "rules": ["backprop"], "seeds": seeds}


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(deltaw, folder, document, data):
    file = folder / "experiment.json"
    file.write_text(json.dumps(document))
    ratios, plain_times = [], []
    for pair in range(PAIRS):
        spent = {}
        for isolate in ((False, True) if pair % 2 == 0 else (True, False)):
            spent[isolate] = cpu_seconds([
                deltaw, "compare", file, "--quiet", "--overwrite", "--out", folder / "out", "--jobs", 1,
                *(["--data", data] if data else []), *(["--isolate"] if isolate else [])])
        ratios.append(spent[True] / spent[False])
        plain_times.append(spent[False] / document["seeds"])
    told = ", ".join(f"{100 * (ratio - 1):+.1f}" for ratio in ratios)
    print(f"{document['task']['type']}: {document['seeds']} runs of {statistics.median(plain_times):.2f} s: "
          f"{100 * (statistics.median(ratios) - 1):+.1f} % (pairs: {told})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--data")
    options = parser.parse_args()
    deltaw = options.build.resolve() / "bin/deltaw"
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        measure(deltaw, folder, experiment("digits", 128, 20, 8), None)
        if options.data:
            measure(deltaw, folder, experiment("mnist", 256, 6, 3), options.data)


if __name__ == "__main__":
    main()
