// SPDX-License-Identifier: Apache-2.0
// Permutation of signs, the test of paired differences. Free functions without state: any thread.
#pragma once

#include <optional>
#include <span>

namespace deltaw {

// Two-sided p of the hypothesis that differences are symmetric about 0, by flipping signs (Fisher
// 1935; statistic |mean|): the share of all 2^n flips for n <= 40, else of 10,000 draws. Empty for
// n < least_pairs or when a difference is infinite: no claim can be made.
[[nodiscard]] std::optional<double> sign_flip_p(std::span<const double> differences);

}  // namespace deltaw
