// SPDX-License-Identifier: Apache-2.0
#include "comparison/line_fit.hpp"

#include <doctest/doctest.h>

using namespace deltaw;

TEST_CASE("a line through four points is the one worked by hand") {
  // Anscombe-like: x 0 1 2 3, y 1 3 2 5: slope 1.1, intercept 1.1, residual 2.7 of 8.75.
  const auto line = fit_line({0, 1, 2, 3}, {1, 3, 2, 5});
  REQUIRE(line);
  CHECK(line->slope == doctest::Approx(1.1));
  CHECK(line->intercept == doctest::Approx(1.1));
  CHECK(line->r_squared == doctest::Approx(1 - 2.7 / 8.75));
  CHECK(fit_line({1, 2, 3}, {-4, -4, -4})->r_squared == 1);
}

TEST_CASE("two points, or one x, make no line") {
  CHECK_FALSE(fit_line({0, 1}, {1, 2}));
  CHECK_FALSE(fit_line({2, 2, 2}, {1, 2, 3}));
}
