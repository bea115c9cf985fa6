// SPDX-License-Identifier: Apache-2.0
// What two rules differ by, seed by seed. Pure: any thread.
#pragma once

#include <algorithm>
#include <cassert>
#include <functional>
#include <span>
#include <vector>

namespace deltaw {

// a[k] - b[k]: element k of both must come from the same seed. REQUIRES: equal sizes.
[[nodiscard]] inline std::vector<double> paired_differences(std::span<const double> a,
                                                            std::span<const double> b) {
  assert(a.size() == b.size());
  std::vector<double> differences(a.size());
  std::transform(a.begin(), a.end(), b.begin(), differences.begin(), std::minus<>());
  return differences;
}

}  // namespace deltaw
