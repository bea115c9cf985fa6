#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each experiment of experiments/features on a few images for an epoch or two, and holds the
page to its records. Without DELTAW_DATA only the page is looked at.
Usage: features_test.py SOURCE_TREE DELTAW"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SMALL = ["--set", "task.split.limit_train=600", "--set", "task.split.limit_test=200", "--seeds", "1",
         "--quiet"]
CIFAR = ["--set", "task.type=cifar", "--set",
         'task.files=["cifar-10/lossless-4000/data_batch_1_first4000.bin"]', "--set",
         'task.test_files=["cifar-10/jpeg-q75/test_batch.bin"]']


def epochs_of(document):
    """Two drives in turn need their epochs."""
    ends = [drive["epochs"][1] for arm in document["rules"] for drive in arm.get("drive", [])
            if "epochs" in drive]
    return [] if ends else ["--set", "training.epochs=2"]


def faults_of(deltaw, file, out):
    document = json.loads(file.read_text())
    options = SMALL + epochs_of(document) + (CIFAR if file.stem.endswith("cifar-10") else [])
    if "features" in document:
        options += ["--set", "features.readouts.0.epochs=2"]
    done = subprocess.run([deltaw, "compare", file, "--out", out, *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        yield f"exit {done.returncode}:\n{done.stdout}"
        return
    summary = json.loads((out / "summary.json").read_text())
    if len(summary["rules"]) != len(document["rules"]):
        yield f"{len(summary['rules'])} arms instead of {len(document['rules'])}"
    first = "power" if file.stem.startswith("krotov-hopfield") else "linear"
    judged = f"{first}_test_accuracy" if "features" in document else "test_accuracy"
    for rule in summary["rules"]:
        if rule["runs"] != 1 or rule["metrics"].get(judged, {}).get("median") is None:
            yield f"{rule['rule']}: no {judged} of its run"


def page_faults(folder):
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder))
    from record import table
    page = (folder / "README.md").read_text()
    for place in sorted((folder / "results").iterdir()):
        for line in table(place.name).splitlines():
            if line not in page:
                yield f"README.md lacks this line of {place.name}: {line}"


def main():
    folder, deltaw = pathlib.Path(sys.argv[1], "experiments/features"), sys.argv[2]
    faults = list(page_faults(folder))
    files = sorted(folder.glob("*.json"))
    if len(files) < 10:
        faults.append(f"{len(files)} experiments instead of 10 or more")
    if os.environ.get("DELTAW_DATA"):
        with tempfile.TemporaryDirectory() as scratch:
            for file in files:
                out = pathlib.Path(scratch, file.stem)
                faults += [f"{file.name}: {fault}" for fault in faults_of(deltaw, file, out)]
    else:
        print("skipped: no experiment is run without DELTAW_DATA")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
