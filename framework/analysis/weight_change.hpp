// SPDX-License-Identifier: Apache-2.0
// By how much learning changed weights. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <optional>
#include <vector>

namespace deltaw {

struct ChangedWeight {
  std::size_t to = 0, from = 0;  // row and column
  double before = 0, after = 0;
};

// Each is empty when it would divide by weights of which all were 0.
struct WeightChange {
  std::optional<double> relative;      // mean |dJ| / mean |J0|
  std::optional<double> median_ratio;  // of |dJ / J0|, where J0 is not 0
  // The mean of the same, as sources report it: unstable. For J0 with a density above 0 at 0, such
  // as a normal one, its expectation is infinite, and one weight near 0 decides.
  std::optional<double> unstable_mean_ratio;
  std::vector<ChangedWeight> most;  // by |dJ|, largest first; ties in the order of memory
};

// From J0 = `before` to `after`, with the `count` most changed weights, or all if there are fewer.
// Error: E205 for unequal shapes.
[[nodiscard]] WeightChange weight_change(const arma::mat& before, const arma::mat& after,
                                         std::size_t count = 10);

}  // namespace deltaw
