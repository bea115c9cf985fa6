// SPDX-License-Identifier: Apache-2.0
// The course of those who have not reached a criterion yet. No state: any thread, each with a
// Bootstrap of its own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "statistics/estimate.hpp"
#include "statistics/resamples.hpp"
#include "statistics/time.hpp"

namespace deltaw {

// From `time` on, a share `survival` has not reached it; `low` and `high` hold it at one point.
struct SurvivalStep {
  double time = 0, survival = 1, low = 1, high = 1;
  std::size_t at_risk = 0, events = 0;
};

// The product-limit curve (Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452), a step for
// each time at which one was reached. Pointwise intervals are symmetric in log(-log S) (Kalbfleisch
// & Prentice) with Greenwood's variance; where S falls to 0 that has no value, and the interval is
// from 0 to the upper end of the step before.
[[nodiscard]] std::vector<SurvivalStep> kaplan_meier(std::span<const Time> times,
                                                     double level = 0.95);

// Where that curve falls below 1/2: infinite when it never does, and the middle of its rest where
// it rests at 1/2. So where nothing is censored it is median(). Its interval is bootstrapped over
// runs (Efron 1981, doi:10.2307/2287832), with the same draws and correction as
// estimate_median(), to which it is equal where no run is censored before the last is reached.
// (Brookmeyer and Crowley's inversion of the band would be another interval than that of the
// metrics beside it.) REQUIRES: times not empty.
[[nodiscard]] Estimate estimate_median_time(std::span<const Time> times, Bootstrap& bootstrap,
                                            double level = 0.95);

}  // namespace deltaw
