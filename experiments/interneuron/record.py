#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the experiments of this folder and keeps what README.md states: results/NAME/summary.json,
where it comes from, and what a summary does not tell (which runs are the same bits, how many units
are silent). Usage: record.py [DELTAW [NAME...]]"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from tune import HERE, SIZES, images, npy

SAME = {"theta-zero": "continuous", "below": "continuous", "above": "nonnegative-mlp"}


def recordings():
    """Name -> file and changes."""
    found = {}
    for size in SIZES:
        found[size] = (size, [])
        found[f"{size}-90"] = (size, ["criterion.at_least=0.9"])
        found[f"{size}-95"] = (size, ["criterion.at_least=0.95"])
        found[f"{size}-threshold"] = (size, ["reference=threshold"])
    for file in ("thresholds", "thresholds-5-5", "reflection-projection",
                 "reflection-projection-5-5", "reach-95", "centring"):
        found[file] = (file, [])
    return found


def origin(provenance, command):
    """Without the folders of the machine that it ran on."""
    plugins = [{key: plugin[key] for key in ("rule", "version", "sha256")}
               for plugin in provenance["plugins"]]
    data = [{"file": pathlib.PurePath(data["file"]).name, "sha256": data["sha256"]}
            for data in provenance["data"]]
    return {**provenance, "command": command, "plugins": plugins, "data": data}


def same_bits(runs, seeds):
    """For how many seeds an arm ends with the very weights of another, where both have them."""
    def is_same(arm, other, seed):
        own, its = (runs / name / f"seed-{seed}/weights" for name in (arm, other))
        return all((own / file.name).read_bytes() == file.read_bytes() for file in its.iterdir())
    return {arm: {"as": other, "seeds": sum(is_same(arm, other, seed) for seed in seeds)}
            for arm, other in SAME.items()}


def matrix(path, inputs):
    """Rows of weights, one a unit."""
    values = npy(path).tolist()
    outputs = len(values) // inputs
    return [values[unit::outputs] for unit in range(outputs)]


def potentials(weights, activity):
    return [sum(map(float.__mul__, row, activity)) for row in weights]


def hidden_activity(weights, x):
    """Both hidden layers of a network with an interneuron that acts continuously."""
    drive = potentials(weights["input>interneuron"], x)
    for below, layer in (("input", "hidden1"), ("hidden1", "hidden2")):
        z = zip(potentials(weights[f"{below}>{layer}"], x), weights[f"{layer}.bias"],
                potentials(weights[f"interneuron>{layer}"], drive))
        x = [max(0.0, plain + bias[0] + inhibition) for plain, bias, inhibition in z]
        yield layer, x


def silent_units(folder, pictures):
    inputs = {"input>interneuron": 64, "input>hidden1": 64, "hidden1.bias": 1, "hidden2.bias": 1,
              "interneuron>hidden1": 1, "interneuron>hidden2": 1}
    weights = {name: matrix(folder / f"{name}.npy", n) for name, n in inputs.items()}
    weights["hidden1>hidden2"] = matrix(folder / "hidden1>hidden2.npy", len(weights["hidden1.bias"]))
    active = {"hidden1": set(), "hidden2": set()}
    for x in pictures:
        for layer, activity in hidden_activity(weights, x):
            active[layer].update(unit for unit, value in enumerate(activity) if value > 0)
    counts = {layer: len(weights[f"{layer}.bias"]) - len(active[layer]) for layer in active}
    ordinary = [w for name in ("input>hidden1", "hidden1>hidden2") for row in weights[name]
                for w in row]
    return {**counts, "zero_weights": sum(w == 0 for w in ordinary) / len(ordinary)}


def units(runs, seeds):
    """Medians over seeds of the units that are silent on all of 200 images (every ninth)."""
    pictures = images()[::9]
    found = {}
    for arm in ("reflection", "projection"):
        each = [silent_units(runs / arm / f"seed-{seed}/weights", pictures) for seed in seeds]
        found[arm] = {key: statistics.median(one[key] for one in each) for key in each[0]}
    return found


def record(program, name, file, changes):
    options = [part for change in changes for part in ("--set", change)]
    shown = " ".join(["deltaw compare", f"experiments/interneuron/{file}.json", *options])
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "out")
        subprocess.run([program, "compare", HERE / f"{file}.json", *options, "--out", out,
                        "--jobs", "2"], check=True)
        kept = {"summary": json.loads((out / "summary.json").read_text())}
        provenance = json.loads((out / "provenance.json").read_text())
        kept["provenance"] = origin(provenance, shown)
        if file.startswith("thresholds"):
            kept["same"] = same_bits(out / "runs", kept["summary"]["seeds"])
        if file.startswith("reflection"):
            kept["units"] = units(out / "runs", kept["summary"]["seeds"])
    place = HERE / "results" / name
    place.mkdir(parents=True, exist_ok=True)
    for part, content in kept.items():
        (place / f"{part}.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "deltaw"
    for name, (file, changes) in recordings().items():
        if len(sys.argv) < 3 or name in sys.argv[2:]:
            record(program, name, file, changes)


if __name__ == "__main__":
    main()
