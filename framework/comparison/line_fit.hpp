// SPDX-License-Identifier: Apache-2.0
// A straight line through points, by least squares. Pure function: any thread.
#pragma once

#include <optional>
#include <vector>

namespace deltaw {

// y = intercept + slope x; r_squared is 1 minus residual over total sum of squares, 1 where all y
// are on the line.
struct LineFit {
  double slope, intercept, r_squared;
};

// Empty with fewer than three points, or with one x. REQUIRES: as many x as y.
[[nodiscard]] std::optional<LineFit> fit_line(const std::vector<double>& x,
                                              const std::vector<double>& y);

}  // namespace deltaw
