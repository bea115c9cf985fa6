#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each experiment of experiments/features or experiments/spikes on a few images for an epoch or
two, and holds the page to its records. Without DELTAW_DATA only the page is looked at.
Usage: features_test.py SOURCE_TREE DELTAW features|spikes"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

IMAGES = {"features": (600, 200), "spikes": (60, 20)}  # a spiking network shows them one by one
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
    train, test = IMAGES[file.parent.name]
    options = ["--set", f"task.split.limit_train={train}", "--set", f"task.split.limit_test={test}",
               "--seeds", "1", "--quiet", *epochs_of(document)]
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
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder))
    import record
    page = (folder / "README.md").read_text()
    for place in sorted((folder / "results").iterdir()):
        for line in record.text_of(place.name).splitlines():
            if line not in page:
                yield f"README.md lacks this line of {place.name}: {line}"


def main():
    folder, deltaw = pathlib.Path(sys.argv[1], "experiments", sys.argv[3]), sys.argv[2]
    faults = list(page_faults(folder))
    files = sorted(folder.glob("*.json"))
    if not files:
        faults.append("no experiments")
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
