# SPDX-License-Identifier: Apache-2.0
"""The digits that come with deltaw, as arrays, and an experiment on all of them."""
import numpy as np
from tree import ROOT

ROWS = np.loadtxt(ROOT / "data/digits/digits.csv.gz", delimiter=",", dtype=np.uint32)
LABELS = np.ascontiguousarray(ROWS[:, -1])
TASK = {"type": "digits", "split": {"train": 1, "validation": 0, "test": 0}, "scale": "unit"}


def inputs(precision="float32"):
    return np.ascontiguousarray(ROWS[:, :-1] / 16, precision)


def experiment(rule="backprop", *, precision="float32", optimizer=("sgd", 0.2), epochs=2, hidden=12,
               exploration=None, loss="cross-entropy"):
    layers = [{"name": "input", "units": 64},
              {"name": "hidden1", "units": hidden, "activation": "relu"},
              {"name": "output", "units": 10, "activation": "softmax"}]
    training = {"epochs": epochs, "batch": 32, "loss": loss, "precision": precision}
    if exploration:
        training["exploration"] = exploration
    return {"deltaw": 1, "name": "arrays", "network": {"layers": layers if hidden else layers[::2]},
            "training": training, "optimizer": dict(zip(("type", "rate"), optimizer)), "rules": [rule]}
