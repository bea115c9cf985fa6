// SPDX-License-Identifier: Apache-2.0
// A median with its interval. Any thread, each with a Bootstrap of its own.
#pragma once

#include <span>

#include "statistics/estimate.hpp"
#include "statistics/resamples.hpp"

namespace deltaw {

// Median with its BCa interval, see bca.hpp. One value is its own interval; values may be infinite,
// not NaN. REQUIRES: values not empty.
[[nodiscard]] Estimate estimate_median(std::span<const double> values, Bootstrap& bootstrap,
                                       double level = 0.95);

// The same with resamples drawn for it alone.
[[nodiscard]] Estimate estimate_median(std::span<const double> values, double level = 0.95);

}  // namespace deltaw
