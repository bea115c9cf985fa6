#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The statistics of 20 rules x 30 seeds, 10,000 bootstrap replicates: deltaw beside NumPy and SciPy
(Debian: python3-numpy, python3-scipy), CPU seconds on one thread, taking turns. Aim: under 2 s.
Usage: resampling.py BUILD_TREE [TURNS]

SciPy's scipy.stats.bootstrap has no interval for U; NumPy resamples both medians and U by whole
arrays, with percentile intervals, which are cheaper than BCa's. SciPy's flips are 10,000 draws, for
it cannot count all of 30 pairs as deltaw does."""
import json
import os
import pathlib
import subprocess
import sys
import time

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[threads] = "1"
import numpy
from scipy import stats

RULES, SEEDS, REPLICATES = 20, 30, 10_000


def scipy_medians(scores):
    for own in scores:
        stats.bootstrap((own,), numpy.median, n_resamples=REPLICATES, method="BCa", random_state=1)


def numpy_medians(scores):
    draw = numpy.random.default_rng(1)
    for own in scores:
        places = draw.integers(SEEDS, size=(REPLICATES, SEEDS))
        numpy.quantile(numpy.median(own[places], axis=1), (0.025, 0.975))


def each_pair(scores):
    for a in range(RULES):
        for b in range(a + 1, RULES):
            yield scores[a], scores[b]


def numpy_pairs(scores):
    draw = numpy.random.default_rng(1)
    places = draw.integers(SEEDS, size=(2, REPLICATES, SEEDS))
    signs = draw.choice((-1.0, 1.0), size=(REPLICATES, SEEDS))
    counts = [numpy.apply_along_axis(numpy.bincount, 1, own, minlength=SEEDS).astype(float)
              for own in places]
    for own, other in each_pair(scores):
        differences = own - other
        numpy.quantile(numpy.median(differences[places[0]], axis=1), (0.025, 0.975))
        beats = (own[:, None] > other) + 0.5 * (own[:, None] == other)
        chance = ((counts[0] @ beats) * counts[1]).sum(axis=1) / SEEDS**2
        numpy.quantile(chance, (0.025, 0.975))
        numpy.mean(numpy.abs(signs @ differences) >= abs(differences.sum()))


def cpu_of(work, scores):
    start = time.process_time()
    work(scores)
    return time.process_time() - start


def main():
    program = pathlib.Path(sys.argv[1]) / "benchmarks/statistics"
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    draw = numpy.random.default_rng(1)
    scores = 0.9 + 0.002 * numpy.arange(RULES)[:, None] + 0.01 * draw.normal(size=(RULES, SEEDS))
    found = {}
    for _ in range(turns):
        own = json.loads(subprocess.run([program], check=True, capture_output=True).stdout)
        for name, value in (("deltaw medians", own["medians"]), ("deltaw pairs", own["pairs"]),
                            ("SciPy medians", cpu_of(scipy_medians, scores)),
                            ("NumPy medians", cpu_of(numpy_medians, scores)),
                            ("NumPy pairs", cpu_of(numpy_pairs, scores))):
            found.setdefault(name, []).append(value)
    middle = {name: numpy.median(values) for name, values in found.items()}
    for name, value in middle.items():
        base = middle["deltaw " + name.split()[1]]
        print(f"{name:15} {value:8.3f} s  {value / base:6.1f} times deltaw's")


if __name__ == "__main__":
    main()
