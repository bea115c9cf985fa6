// SPDX-License-Identifier: Apache-2.0
// Parts of a whole with their intervals. Pure: any thread.
#pragma once

#include <cstddef>
#include <span>

#include "statistics/estimate.hpp"

namespace deltaw {

// `successes` of n with Wilson's score interval (1927, doi:10.1080/01621459.1927.10502953), which
// has a width at 0 and at n, too, where a bootstrap has none. Successes may be halves.
// REQUIRES: n > 0, successes in 0 .. n.
[[nodiscard]] Share wilson(double successes, std::size_t n, double level = 0.95);

// In how many of the pairs the first is ahead: positive differences, and half of those that are 0.
// Infinite ones count as any. REQUIRES: differences not empty.
[[nodiscard]] Share share_ahead(std::span<const double> differences, double level = 0.95);

}  // namespace deltaw
