// SPDX-License-Identifier: Apache-2.0
// Censored times: trials or epochs until a criterion that some runs never reach. Plain values: any
// thread.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

namespace deltaw {

// Reached `at`; or not reached until `at`, when observation ended: infinite for a run of which it
// is known that it never would. Not negative, not NaN; finite where reached. An end of observation
// comes after a criterion reached at the same time.
struct Time {
  double at = 0;
  bool is_reached = false;
};

// Among equal times the reached ones come first, so that ties need no groups in a product of
// 1 - 1/at_risk.
[[nodiscard]] inline bool is_before(const Time& a, const Time& b) {
  return a.at != b.at ? a.at < b.at : a.is_reached && !b.is_reached;
}

[[nodiscard]] inline std::vector<Time> in_order(std::span<const Time> times) {
  std::vector<Time> copy(times.begin(), times.end());
  std::sort(copy.begin(), copy.end(), is_before);
  return copy;
}

}  // namespace deltaw
