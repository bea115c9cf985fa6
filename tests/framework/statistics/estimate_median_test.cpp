// SPDX-License-Identifier: Apache-2.0
#include "statistics/estimate_median.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "framework/statistics/draws.hpp"
#include "statistics/paired_differences.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("runs that never reach a criterion make the upper end infinite") {
  const Estimate estimate = estimate_median(Values{1, 2, 3, infinity, infinity});
  CHECK(estimate.median == 3);
  CHECK(estimate.low >= 1);
  CHECK(estimate.high == infinity);
}

TEST_CASE("intervals of opposite infinities mirror those of the negated values") {
  for (const Values& values : {Values{-infinity, infinity}, Values{-infinity, -2, 3, infinity},
                               Values{-infinity, -infinity, -infinity, infinity, infinity, 5}}) {
    Values negated = values;
    for (double& value : negated) value = -value;
    const Estimate there = estimate_median(values), back = estimate_median(negated);
    CHECK(there.low == -infinity);
    CHECK(there.high == infinity);
    CHECK(there.median == -back.median);
    CHECK(back.low == -there.high);
    CHECK(back.high == -there.low);
  }
}

TEST_CASE("the interval of equal values or of one value is that value") {
  for (const Values& values : {Values{2}, Values{2, 2}, Values{2, 2, 2, 2, 2, 2}}) {
    const Estimate estimate = estimate_median(values);
    CHECK(estimate.low == 2);
    CHECK(estimate.high == 2);
    CHECK(estimate.n == values.size());
  }
}

TEST_CASE("the interval of three values follows from the 27 resamples") {
  // The median is the least value in 7 of 27 resamples, the middle in 13, the largest in 7, so the
  // outer 2.5 % are the extreme values.
  const Estimate estimate = estimate_median(Values{1, 2, 4});
  CHECK(estimate.median == 2);
  CHECK(estimate.low == 1);
  CHECK(estimate.high == 4);
}

TEST_CASE("an interval narrows with more values and widens with the level") {
  const Values many = draw(1, 100, identity);
  const Values few(many.begin(), many.begin() + 10);
  const auto width = [](const Estimate& e) { return e.high - e.low; };
  CHECK(width(estimate_median(many)) < 0.6 * width(estimate_median(few)));
  CHECK(width(estimate_median(many, 0.90)) < width(estimate_median(many, 0.95)));
}

TEST_CASE("the same values give the same bits, with resamples shared or not") {
  const Values values = draw(2, 20, identity);
  Bootstrap bootstrap;
  CHECK(estimate_median(values).low == estimate_median(values, bootstrap).low);
  CHECK(estimate_median(values).high == estimate_median(values, bootstrap).high);
}

TEST_CASE("swapping the two rules turns every sign") {
  const Values a = draw(3, 12, identity), b = draw(4, 12, log_normal);
  const Values there = paired_differences(a, b), back = paired_differences(b, a);
  CHECK(there[5] == a[5] - b[5]);
  const Estimate forward = estimate_median(there), backward = estimate_median(back);
  CHECK(forward.median == -backward.median);
  CHECK(forward.low == Approx(-backward.high).epsilon(1e-9));
  CHECK(forward.high == Approx(-backward.low).epsilon(1e-9));
}
