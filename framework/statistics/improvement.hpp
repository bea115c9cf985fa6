// SPDX-License-Identifier: Apache-2.0
// How likely one rule does better than another, whatever the seed of either. No state: any thread,
// each with a Bootstrap of its own.
#pragma once

#include <span>
#include <vector>

#include "statistics/estimate.hpp"
#include "statistics/resamples.hpp"

namespace deltaw {

// The runs of one rule, by task.
using Tasks = std::vector<std::vector<double>>;

// The chance that a run of `a` has a higher value than one of `b`, ties counting half: Mann and
// Whitney's U / (m n), averaged over tasks (probability of improvement, Agarwal et al. 2021,
// arXiv:2108.13264). Seeds are not paired. Values may be infinite, not NaN. The interval is BCa's
// over resamples that keep each task's and each rule's number of runs; where all runs of one rule
// are above all of the other it has no width. REQUIRES: the same tasks in both, none empty.
[[nodiscard]] Share estimate_improvement(const Tasks& a, const Tasks& b, Bootstrap& bootstrap,
                                         double level = 0.95);

}  // namespace deltaw
