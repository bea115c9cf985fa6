// SPDX-License-Identifier: Apache-2.0
#include "statistics/interquartile_mean.hpp"

#include <doctest/doctest.h>

#include "framework/statistics/draws.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

Mean of(const Tasks& tasks) {
  Bootstrap bootstrap;
  return interquartile_mean(tasks, bootstrap);
}

}  // namespace

TEST_CASE("the mean leaves out a quarter of all runs at either end, whatever their task") {
  CHECK(of({{1, 2, 3, 100}}).mean == 2.5);
  CHECK(of({{100, 3}, {1, 2}}).mean == 2.5);
  CHECK(of({{7, 1, 4}}).mean == 4);  // floor(3 / 4) = 0: none
  // scipy_numbers.py: trim_mean of 14 runs.
  CHECK(
      of({{0.12, 0.40, 0.33, 0.25, 0.51}, {0.90, 0.71, 0.85, 0.66, 0.95, 0.70}, {0.50, 0.20, 0.31}})
          .mean == Approx(0.515));
}

TEST_CASE("one outlier hardly moves the interval that it would move of a mean") {
  Values values = draw(5, 20, identity);
  const Mean before = of({values});
  values[3] = 1000;
  const Mean after = of({values});
  CHECK(after.high < before.high + 0.5);
  CHECK(after.low <= after.mean);
  CHECK(after.mean <= after.high);
}
