// SPDX-License-Identifier: Apache-2.0
#include "statistics/tost.hpp"

#include <cassert>

#include "statistics/estimate_median.hpp"

namespace deltaw {

std::optional<bool> is_equivalent(std::span<const double> differences, double margin,
                                  Bootstrap& bootstrap) {
  assert(margin > 0);
  if (differences.size() < least_pairs) return std::nullopt;
  const Estimate estimate = estimate_median(differences, bootstrap, 0.90);
  return estimate.low > -margin && estimate.high < margin;
}

}  // namespace deltaw
