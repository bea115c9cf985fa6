// SPDX-License-Identifier: Apache-2.0
#include "statistics/median.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "framework/statistics/draws.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("median and quantiles of hand-worked values") {
  CHECK(median(Values{3, 1, 2}) == 2);
  CHECK(median(Values{4, 1, 3, 2}) == 2.5);
  CHECK(median(Values{7}) == 7);
  CHECK(quantile(Values{1, 2, 3, 4}, 0.25) == 1.75);
  CHECK(quantile(Values{4, 3, 2, 1}, 0.9) == Approx(3.7));
  CHECK(quantile(Values{5, 1}, 0) == 1);
  CHECK(quantile(Values{5, 1}, 1) == 5);
}

TEST_CASE("a criterion reached by most runs has a finite median, otherwise an infinite one") {
  CHECK(median(Values{4, infinity, 2}) == 4);
  CHECK(median(Values{4, infinity, infinity}) == infinity);
  CHECK(median(Values{infinity, infinity}) == infinity);
  CHECK(quantile(Values{1, infinity, infinity}, 1) == infinity);
}

TEST_CASE("opposite infinities, where either rule alone reached the criterion, never make a NaN") {
  CHECK(median(Values{infinity, -infinity}) == 0);
  CHECK(median(Values{-infinity, -infinity, 3, 4}) == -infinity);
  CHECK(quantile(Values{-infinity, 3}, 0.5) == -infinity);
}
