// SPDX-License-Identifier: Apache-2.0
// How far two quantities rise together, by ranks alone. Pure functions: any thread.
#pragma once

#include <optional>
#include <span>

namespace deltaw {

// Spearman's rho: the correlation of ranks, ties sharing their mean rank; infinite values rank as
// any. Empty for fewer than three pairs, or where one side does not vary. REQUIRES: equal sizes, no
// NaN.
[[nodiscard]] std::optional<double> spearman(std::span<const double> a, std::span<const double> b);

}  // namespace deltaw
