// SPDX-License-Identifier: Apache-2.0
// How many runs do better than any given score. Pure: any thread.
#pragma once

#include <span>
#include <vector>

namespace deltaw {

// Above `score`, and up to the next step's, a `share` of the runs has its values; `low` and `high`
// hold the true share at one score (Wilson).
struct ProfileStep {
  double score = 0, share = 1, low = 1, high = 1;
};

// The performance profile of one rule (Dolan & More 2002, doi:10.1007/s101070100263; of scores
// after Agarwal et al. 2021, arXiv:2108.13264): for each value that a run has, the share of runs
// above it, ascending. Below the first step the share is 1. REQUIRES: no NaN.
[[nodiscard]] std::vector<ProfileStep> performance_profile(std::span<const double> values,
                                                           double level = 0.95);

}  // namespace deltaw
