# SPDX-License-Identifier: Apache-2.0
"""Made-up signals for case files, rounded so that a file is short and everybody reads the same number,
and how such a file is written."""
import json
import re

import numpy as np


def matrices(seed):
    """A function (rows, columns) -> normal numbers with three decimals."""
    source = np.random.default_rng(seed)
    return lambda rows, columns: np.round(source.standard_normal((rows, columns)), 3)


def fractions(seed):
    """As matrices(), within (0, 1)."""
    source = np.random.default_rng(seed)
    return lambda rows, columns: np.round(0.05 + 0.9 * source.random((rows, columns)), 3)


def trains(seed, units, steps, probability=0.3):
    """For each step the units that spike."""
    spikes = np.random.default_rng(seed).random((steps, units)) < probability
    return [np.flatnonzero(row).tolist() for row in spikes]


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray):
        return [[None if np.isnan(x) else float(x) for x in row] for row in np.atleast_2d(value)]
    if isinstance(value, (list, tuple)):
        return [as_json(entry) for entry in value]
    return value


def text_of(rule, cases):
    document = {"deltaw_case": 1, "rule": rule, "computed_by": "tests/cases/reference.py, NumPy",
                "cases": as_json(cases)}
    text = json.dumps(document, indent=1, ensure_ascii=False)
    # A row of a matrix stands on one line.
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]",
                  text) + "\n"
