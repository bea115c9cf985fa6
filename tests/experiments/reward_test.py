#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Units that spike learn classes from a reward alone, and not from one that is shuffled: a few epochs
of experiments/spikes/reward.json, judged far from what ten classes give by chance.
Usage: reward_test.py SOURCE_TREE DELTAW"""
import json
import pathlib
import subprocess
import sys
import tempfile


def main():
    file = pathlib.Path(sys.argv[1], "experiments/spikes/reward.json")
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.argv[2], "compare", file, "--out", scratch, "--overwrite", "--quiet",
                        "--set", "seeds=[11,12]", "--set", "training.epochs=5"], check=True)
        rules = json.loads(pathlib.Path(scratch, "summary.json").read_text())["rules"]
    accuracies = {rule["rule"]: {metric: rule["metrics"][metric]["median"]
                                 for metric in ("validation_accuracy", "test_accuracy")}
                  for rule in rules}
    print(accuracies)
    faults = [accuracy for accuracy in accuracies["reward-stdp"].values() if accuracy < 0.5]
    faults += [accuracy for accuracy in accuracies["shuffled"].values() if accuracy > 0.2]
    if faults:
        sys.exit(f"learnt too little, or without being told anything: {faults}")


if __name__ == "__main__":
    main()
