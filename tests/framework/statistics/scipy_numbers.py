#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the numbers of SciPy that the tests beside it hold deltaw to (Debian: python3-scipy)."""
import numpy
import scipy
from scipy import stats

A = [81.2, 79.9, 83.1, 80.4, 82.6, 78.8, 84.0, 81.7, 80.9, 82.2]
B = [80.1, 79.9, 81.0, 78.2, 81.9, 79.3, 82.4, 80.4, 78.5, 81.7]
TASKS = [[0.12, 0.40, 0.33, 0.25, 0.51], [0.90, 0.71, 0.85, 0.66, 0.95, 0.70], [0.50, 0.20, 0.31]]
SKEWED = [0.3, 0.5, 0.6, 0.9, 1.1, 1.2, 1.8, 2.5, 4.1, 9.7]


def main():
    print("SciPy", scipy.__version__)
    u = stats.mannwhitneyu(A, B).statistic
    print("U / (m n) of A over B:", repr(u / len(A) / len(B)))
    flat = numpy.concatenate(TASKS)
    print("interquartile mean of TASKS:", repr(stats.trim_mean(flat, 0.25)))
    exact = stats.permutation_test((numpy.subtract(A, B),), numpy.mean, permutation_type="samples",
                                   n_resamples=numpy.inf)
    print("sign-flip p of A - B:", repr(exact.pvalue))
    for successes, n in ((9, 10), (0, 12), (20, 20), (7, 30)):
        found = stats.binomtest(successes, n).proportion_ci(method="wilson")
        print(f"Wilson {successes} of {n}: {found.low:.12f} {found.high:.12f}")
    for name, statistic, data in (("mean", numpy.mean, SKEWED), ("mean", numpy.mean, A)):
        found = stats.bootstrap((data,), statistic, n_resamples=200_000, method="BCa",
                                random_state=1).confidence_interval
        print(f"BCa of the {name}: {found.low:.4f} {found.high:.4f}")
    print("t quantile of 97.5 % at 9 degrees:", repr(stats.t.ppf(0.975, 9)))


if __name__ == "__main__":
    main()
