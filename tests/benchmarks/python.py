#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Python costs, as ratios of CPU time within one run, taking turns: fit() of an estimator over the
program's loop on the digits (aim: under 1.05), and a rule in NumPy over the same rule in C++.
Usage: python.py BUILD_TREE"""
import os
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]).resolve()
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "tests/python")]
sys.argv[1:] = [str(ROOT), str(BUILD / "bin/deltaw")]
os.environ["DELTAW"] = sys.argv[2]

import deltaw
import numpy as np
from deltaw import native
from deltaw.sklearn import Classifier
from digits import LABELS, TASK, inputs

TURNS = 15


@deltaw.rule(signals=["pre", "error"], locality="neuron")
def delta(s):
    return s.error @ s.pre.T / s.columns


@deltaw.rule(signals=["pre", "post", "weights"])
def oja(s):
    y = np.asarray(s.post)
    return (y @ s.pre.T - (y * y).sum(axis=1, keepdims=True) * s.weights) / s.columns


def cpu(work):
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def fit_beside_the_program(folder):
    """CPU seconds of fit(), and of the program's loop for the same training: medians."""
    classifier = Classifier(hidden_layer_sizes=(64, 64), learning_rate=0.2, random_state=1)
    x, rows = inputs(), []
    for _ in range(TURNS + 1):
        seconds, _ = cpu(lambda: classifier.fit(x, LABELS))
        document = {**classifier.experiment_, "task": TASK, "seeds": [1],
                    "criterion": {"metric": "train_accuracy", "at_least": 1}}
        document["training"] = {**document["training"], "evaluate_every": 60}
        run = deltaw.compare(document, out=folder, overwrite=True)
        rows.append((seconds, run.metrics.seconds.max()))
    return map(statistics.median, zip(*rows[1:]))  # the first finds rules and opens libraries


def numpy_beside_cxx(rule, function, parameters, inputs_, outputs, batch, loss):
    """CPU microseconds an update, (C++, NumPy), medians."""
    x = np.random.default_rng(1).random((2000, inputs_), np.float32)
    y = (np.arange(2000) % outputs).astype(np.uint32)
    epochs = max(1, 2000 * batch // len(x) // max(1, inputs_ * outputs // 20_000))
    both = ([], [])
    for _ in range(5):
        for times, name, given, plugins in ((both[0], rule, parameters, ()),
                                            (both[1], function.id, {}, [function])):
            document = {"deltaw": 1, "name": "cost", "rules": [{"name": "one", "rule": name, "parameters": given}],
                        "network": {"layers": [{"name": "input", "units": inputs_},
                                               {"name": "output", "units": outputs, "activation": "sigmoid",
                                                "bias": False}]},
                        "training": {"epochs": epochs, "batch": batch, "loss": loss},
                        "optimizer": {"type": "sgd", "rate": 1e-4}}
            seconds, found = cpu(lambda: native.train(document, x, None if loss == "none" else y,
                                                      classes=outputs, plugins=plugins))
            times.append(1e6 * seconds / found.updates)
    return map(statistics.median, both)


def main():
    with tempfile.TemporaryDirectory() as folder:
        fit, program = fit_beside_the_program(folder)
    print(f"fit on the digits, 64-64-64-10, 60 epochs: {1000 * fit:.1f} ms, the program's loop "
          f"{1000 * program:.1f} ms, ratio {fit / program:.3f}")
    print("| rule | inputs x outputs, batch | C++, us an update | NumPy | ratio |\n|---|---|---|---|---|")
    for inputs_, outputs, batch in ((64, 10, 20), (784, 100, 100), (784, 1000, 500)):
        for rule, function, parameters, loss in (("delta-rule", delta, {}, "cross-entropy"),
                                                 ("hebbian", oja, {"variant": "oja"}, "none")):
            cxx, ours = numpy_beside_cxx(rule, function, parameters, inputs_, outputs, batch, loss)
            print(f"| {rule} | {inputs_} x {outputs}, {batch} | {cxx:.0f} | {ours:.0f} | "
                  f"{ours / cxx:.1f} |")


if __name__ == "__main__":
    main()
