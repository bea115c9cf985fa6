#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each experiment of experiments/alignment, experiments/features, experiments/forgetting,
experiments/lenet, experiments/phases, experiments/recurrent or experiments/spikes on a few images for
an epoch or two, protocols in short, and holds the page to its records. Without DELTAW_DATA only
protocols and the digits of experiments/alignment, experiments/lenet, experiments/phases and
experiments/recurrent run.
Usage: features_test.py SOURCE_TREE DELTAW FOLDER"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

IMAGES = {"alignment": (300, 100), "features": (600, 200), "forgetting": (300, 100),
          "lenet": (96, 32), "phases": (300, 100), "recurrent": (320, 100),
          "spikes": (60, 20)}  # a spiking network shows them one by one
WITHOUT_DATA = ("alignment", "lenet", "phases", "recurrent")
CIFAR = ["--set", "task.type=cifar", "--set",
         'task.files=["cifar-10/lossless-4000/data_batch_1_first4000.bin"]', "--set",
         'task.test_files=["cifar-10/jpeg-q75/test_batch.bin"]']


# What is left of a protocol, and what holds of it at any length: metric, from, to, by arm.
SHORT = {"recording": [], "pairing": ["pairs=3", "lags.step=20"],
         "current-sweep": ["values.step=0.1", "show=300"], "rectification": ["samples=10"]}
HOLDS = {
    "drive": {"leaky": [("jump_error", 0, 1e-3), ("spikes_out", 1, 1e9)]},
    "window": {arm: [(f"{name}_{side}_error", -0.02, 0.02) for name in ("a", "tau")
                     for side in ("plus", "minus")] for arm in ("song", "bi-and-poo", "nearest")},
    "f-i": {"exponential": [("worst_interval", 0, 1)]},
    "rectification": {"integrator": [("slope", 0.95, 1.05), ("r_squared", 0.99, 1)]}}


def protocol_faults(deltaw, file, out):
    document = json.loads(file.read_text())
    short = SHORT[document["task"]["protocol"]["type"]]
    options = [part for change in short for part in ("--set", f"task.protocol.{change}")]
    done = subprocess.run([deltaw, "compare", file, "--out", out, "--quiet", *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        yield f"exit {done.returncode}:\n{done.stdout}"
        return
    rules = json.loads((out / "summary.json").read_text())["rules"]
    yield from (f"{rule['rule']}: {rule['runs']} runs" for rule in rules if rule["runs"] != 1)
    found = {rule["rule"]: rule["metrics"] for rule in rules}
    for arm, bounds in HOLDS[file.stem].items():
        for metric, low, high in bounds:
            value = found[arm][metric]["median"]
            if value is None or not low <= value <= high:
                yield f"{arm}: {metric} {value}"


def epochs_of(document):
    """Two drives in turn need their epochs."""
    arms = [arm for arm in document["rules"] if isinstance(arm, dict)]
    ends = [drive["epochs"][1] for arm in arms for drive in arm.get("drive", [])
            if "epochs" in drive]
    return [] if ends else ["--set", "training.epochs=2"]


def faults_of(deltaw, file, out):
    document = json.loads(file.read_text())
    train, test = IMAGES[file.parent.name]
    options = ["--set", f"task.split.limit_train={train}", "--set", f"task.split.limit_test={test}",
               "--seeds", "1", "--quiet", *epochs_of(document)]
    if document["task"].get("sequence", {}).get("updates"):
        options += ["--set", "task.sequence.updates=0"]
    if file.stem.endswith("cifar-10"):
        options += CIFAR
    if "epochs" in document.get("features", {}).get("readouts", [{}])[0]:
        options += ["--set", "features.readouts.0.epochs=2"]
    done = subprocess.run([deltaw, "compare", file, "--out", out, *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        yield f"exit {done.returncode}:\n{done.stdout}"
        return
    summary = json.loads((out / "summary.json").read_text())
    if len(summary["rules"]) != len(document["rules"]):
        yield f"{len(summary['rules'])} arms instead of {len(document['rules'])}"
    judged = f"{summary['readouts'][0]}_test_accuracy" if "readouts" in summary else "test_accuracy"
    for rule in summary["rules"]:
        if rule["runs"] != 1 or rule["metrics"].get(judged, {}).get("median") is None:
            yield f"{rule['rule']}: no {judged} of its run"


def page_faults(folder):
    if not (folder / "results").exists():
        return
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder))
    import record
    page = (folder / "README.md").read_text()
    for place in sorted((folder / "results").iterdir()):
        for line in record.text_of(place.name).splitlines():
            if f"\n{line}\n" not in page:
                yield f"README.md lacks this line of {place.name}: {line}"


def main():
    folder, deltaw = pathlib.Path(sys.argv[1], "experiments", sys.argv[3]), sys.argv[2]
    faults = list(page_faults(folder))
    files = sorted(folder.glob("*.json"))
    if not files:
        faults.append("no experiments")
    tasks = {file: json.loads(file.read_text())["task"] for file in files}
    with tempfile.TemporaryDirectory() as scratch:
        for file in files:
            out = pathlib.Path(scratch, file.stem)
            if "protocol" in tasks[file]:
                found = protocol_faults(deltaw, file, out)
            elif os.environ.get("DELTAW_DATA") or (tasks[file]["type"] == "digits" and
                                                   folder.name in WITHOUT_DATA):
                found = faults_of(deltaw, file, out)
            else:
                continue
            faults += [f"{file.name}: {fault}" for fault in found]
    if not os.environ.get("DELTAW_DATA"):
        print("skipped: without DELTAW_DATA only digits are run, of few folders")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
