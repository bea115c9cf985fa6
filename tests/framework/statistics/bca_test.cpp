// SPDX-License-Identifier: Apache-2.0
#include "statistics/bca.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "framework/statistics/draws.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

// The mean of the data, by its counts.
auto mean_of(const Values& data) {
  return [data](Counts counts) {
    const double n = std::accumulate(counts.begin(), counts.end(), 0.0);
    return std::inner_product(data.begin(), data.end(), counts.begin(), 0.0) / n;
  };
}

Interval of_mean(const Values& data, Deviate deviate) {
  return bootstrap_interval(Resamples({data.size()}), mean_of(data), 0.95, deviate);
}

}  // namespace

TEST_CASE("intervals of a mean are those of SciPy, which takes the normal quantile") {
  // scipy_numbers.py: 200,000 resamples; ours are 10,000, hence the tolerance.
  const Interval skewed =
      of_mean({0.3, 0.5, 0.6, 0.9, 1.1, 1.2, 1.8, 2.5, 4.1, 9.7}, Deviate::normal);
  CHECK(skewed.low == Approx(1.14).epsilon(0.03));
  CHECK(skewed.high == Approx(5.10).epsilon(0.03));
  const Interval even =
      of_mean({81.2, 79.9, 83.1, 80.4, 82.6, 78.8, 84.0, 81.7, 80.9, 82.2}, Deviate::normal);
  CHECK(std::abs(even.low - 80.54) < 0.05);
  CHECK(std::abs(even.high - 82.38) < 0.05);
}

TEST_CASE("the expanded interval of a mean is about Student's") {
  // Of symmetric data: mean +- t s / sqrt(n), t = 2.262157 (scipy_numbers.py), s^2 = 55 / 6.
  const Interval interval = of_mean({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, Deviate::student);
  const double half = 2.262157 * std::sqrt(55.0 / 6 / 10);
  CHECK(interval.low == Approx(5.5 - half).epsilon(0.03));
  CHECK(interval.high == Approx(5.5 + half).epsilon(0.03));
}

TEST_CASE("data that vary within strata alone have a narrower interval than without strata") {
  // Two strata that differ by 100: pooled, their mean would vary with how many are drawn of each.
  const Values data = {1, 2, 3, 4, 5, 101, 102, 103, 104, 105};
  const Interval apart = bootstrap_interval(Resamples({5, 5}), mean_of(data), 0.95);
  const Interval pooled = bootstrap_interval(Resamples({10}), mean_of(data), 0.95);
  CHECK(apart.low > 51);
  CHECK(apart.high < 55);
  CHECK(apart.low + apart.high == Approx(106).epsilon(0.01));
  CHECK(pooled.high - pooled.low > 50);
}

TEST_CASE("a stratum of one datum adds nothing, and strata of one each are a point") {
  const Values data = {1, 2, 3, 4, 50};
  const Interval with_one = bootstrap_interval(Resamples({4, 1}), mean_of(data), 0.95);
  CHECK(with_one.low > 10.79);  // four times the least of the four, and the one
  CHECK(with_one.low < 12);
  CHECK(with_one.high > 12);
  CHECK(with_one.high < 13.21);
  const Interval point = bootstrap_interval(Resamples({1, 1}), mean_of({1, 2}), 0.95);
  CHECK(point.low == 1.5);
  CHECK(point.high == 1.5);
}
