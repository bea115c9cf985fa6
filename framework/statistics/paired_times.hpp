// SPDX-License-Identifier: Apache-2.0
// Two groups of censored times, seed by seed. Free functions without state: any thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "statistics/time.hpp"

namespace deltaw {

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
