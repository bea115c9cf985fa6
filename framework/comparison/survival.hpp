// SPDX-License-Identifier: Apache-2.0
// Censored times: trials or epochs until a criterion that some runs never reach. Draws are keyed by
// purpose, so that the same times give the same bits. Free functions without state: any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "comparison/statistics.hpp"

namespace deltaw {

// Reached `at`; or not reached until `at`, when observation ended: infinite for a run of which it
// is known that it never would. Not negative, not NaN; finite where reached. An end of observation
// comes after a criterion reached at the same time.
struct Time {
  double at = 0;
  bool is_reached = false;
};

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
[[nodiscard]] Estimate estimate_median_time(std::span<const Time> times, double level = 0.95);

struct LogRank {
  double chi_square = 0;  // one degree of freedom
  double p = 1;
};

// Whether two unpaired groups reach it at the same rate (Mantel 1966; hypergeometric variance).
// Empty when nothing can be said: none reached, or one group gone before the other's first.
[[nodiscard]] std::optional<LogRank> log_rank(std::span<const Time> a, std::span<const Time> b);

// Two-sided p of the hypothesis that the times of a pair may be exchanged: differences of
// Prentice-Wilcoxon scores (O'Brien & Fleming 1987, doi:10.2307/2531957; tied times share the mean
// of the scores that they would have apart) by sign_flip_p() instead of their normal limit. A pair
// of which neither was reached by the same end tells nothing, and changes nothing. Empty below
// least_pairs. Element k of both must come from the same seed. REQUIRES: equal sizes.
[[nodiscard]] std::optional<double> paired_times_p(std::span<const Time> a,
                                                   std::span<const Time> b);

// a[k] - b[k]; infinite when only one was reached, before the other's end. Pairs of which the order
// is not known are left out. REQUIRES: equal sizes.
[[nodiscard]] std::vector<double> paired_differences(std::span<const Time> a,
                                                     std::span<const Time> b);

}  // namespace deltaw
