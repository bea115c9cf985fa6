// SPDX-License-Identifier: Apache-2.0
// The mean of the middle half of all runs on all tasks. No state: any thread, each with a Bootstrap
// of its own.
#pragma once

#include "statistics/estimate.hpp"
#include "statistics/improvement.hpp"
#include "statistics/resamples.hpp"

namespace deltaw {

struct Mean {
  double mean = 0, low = 0, high = 0;
  std::size_t n = 0;  // runs on all tasks
};

// Mean without the least and the largest quarter of all runs, floor(n / 4) each (IQM, Agarwal et
// al. 2021, arXiv:2108.13264, as scipy.stats.trim_mean at 0.25), with a BCa interval over resamples
// that keep each task's number of runs. Tasks must share a scale. Of little use below some 3 tasks
// of 10 runs. REQUIRES: finite values, no task empty.
[[nodiscard]] Mean interquartile_mean(const Tasks& tasks, Bootstrap& bootstrap,
                                      double level = 0.95);

}  // namespace deltaw
