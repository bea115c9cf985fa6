// SPDX-License-Identifier: Apache-2.0
// Whether two rules are as good as each other. Any thread, each with a Bootstrap of its own.
#pragma once

#include <optional>
#include <span>

#include "statistics/resamples.hpp"

namespace deltaw {

// Whether the median difference is within +-margin: two one-sided tests at 5 % (Schuirmann 1987,
// doi:10.1007/BF01068419), that is, the 90 % interval inside the margin. Empty for n < least_pairs.
// REQUIRES: margin > 0, fixed before the data were seen.
[[nodiscard]] std::optional<bool> is_equivalent(std::span<const double> differences, double margin,
                                                Bootstrap& bootstrap);

}  // namespace deltaw
