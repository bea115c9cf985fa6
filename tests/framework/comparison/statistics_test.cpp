// SPDX-License-Identifier: Apache-2.0
#include "comparison/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/random.hpp"

using namespace deltaw;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using Values = std::vector<double>;

Values draw(std::uint64_t seed, std::size_t n, double (*map)(double)) {
  Random random(seed, "test");
  Values values(n);
  for (double& value : values) value = map(random.normal());
  return values;
}

double identity(double z) { return z; }
double log_normal(double z) { return std::exp(z); }  // median 1, skewed

// How many of 400 simulated 95 % intervals hold the true median.
double coverage(std::size_t n, double truth, double (*map)(double)) {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Estimate estimate = estimate_median(draw(seed, n, map));
    held += estimate.low <= truth && truth <= estimate.high;
  }
  return held / 400.0;
}

}  // namespace

TEST_CASE("median and quantiles of hand-worked values") {
  CHECK(median(Values{3, 1, 2}) == 2);
  CHECK(median(Values{4, 1, 3, 2}) == 2.5);
  CHECK(median(Values{7}) == 7);
  CHECK(quantile(Values{1, 2, 3, 4}, 0.25) == 1.75);
  CHECK(quantile(Values{4, 3, 2, 1}, 0.9) == doctest::Approx(3.7));
  CHECK(quantile(Values{5, 1}, 0) == 1);
  CHECK(quantile(Values{5, 1}, 1) == 5);
}

TEST_CASE("a criterion reached by most runs has a finite median, otherwise an infinite one") {
  CHECK(median(Values{4, infinity, 2}) == 4);
  CHECK(median(Values{4, infinity, infinity}) == infinity);
  CHECK(median(Values{infinity, infinity}) == infinity);
  CHECK(quantile(Values{1, infinity, infinity}, 1) == infinity);
  const Estimate estimate = estimate_median(Values{1, 2, 3, infinity, infinity});
  CHECK(estimate.median == 3);
  CHECK(estimate.low >= 1);
  CHECK(estimate.high == infinity);
}

TEST_CASE("opposite infinities, where either rule alone reached the criterion, never make a NaN") {
  CHECK(median(Values{infinity, -infinity}) == 0);
  CHECK(median(Values{-infinity, -infinity, 3, 4}) == -infinity);
  CHECK(quantile(Values{-infinity, 3}, 0.5) == -infinity);
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

TEST_CASE("intervals hold the true median about as often as they say") {
  // For fewer values the possible intervals, between order statistics, are too coarse for 92-98 %.
  for (const std::size_t n : {12ul, 21ul, 30ul}) {
    CAPTURE(n);
    const double symmetric = coverage(n, 0, identity);
    const double skewed = coverage(n, 1, log_normal);
    CAPTURE(symmetric);
    CAPTURE(skewed);
    CHECK(symmetric >= 0.92);
    CHECK(symmetric <= 0.98);
    CHECK(skewed >= 0.92);
    CHECK(skewed <= 0.98);
  }
}

TEST_CASE("an interval narrows with more values and widens with the level") {
  const Values many = draw(1, 100, identity);
  const Values few(many.begin(), many.begin() + 10);
  const auto width = [](const Estimate& e) { return e.high - e.low; };
  CHECK(width(estimate_median(many)) < 0.6 * width(estimate_median(few)));
  CHECK(width(estimate_median(many, 0.90)) < width(estimate_median(many, 0.95)));
}

TEST_CASE("the same values give the same bits") {
  const Values values = draw(2, 20, identity);
  CHECK(estimate_median(values).low == estimate_median(values).low);
  CHECK(*sign_flip_p(values) == *sign_flip_p(values));
}

TEST_CASE("swapping the two rules turns every sign and keeps every p") {
  const Values a = draw(3, 12, identity), b = draw(4, 12, log_normal);
  const Values there = paired_differences(a, b), back = paired_differences(b, a);
  CHECK(there[5] == a[5] - b[5]);
  const Estimate forward = estimate_median(there), backward = estimate_median(back);
  CHECK(forward.median == -backward.median);
  CHECK(forward.low == doctest::Approx(-backward.high).epsilon(1e-9));
  CHECK(forward.high == doctest::Approx(-backward.low).epsilon(1e-9));
  CHECK(*sign_flip_p(there) == *sign_flip_p(back));
}

TEST_CASE("sign flips of hand-worked differences") {
  // All six positive: only the observed signs and their opposite reach the sum.
  CHECK(*sign_flip_p(Values{1, 2, 3, 4, 5, 6}) == 2.0 / 64);
  // Sum 19 of 21: reached with no flip or the 1 flipped, and their opposites.
  CHECK(*sign_flip_p(Values{-1, 2, 3, 4, 5, 6}) == 4.0 / 64);
  CHECK(*sign_flip_p(Values{1, -1, 2, -2, 3, -3}) == 1);
  CHECK(*sign_flip_p(Values(6, 0.0)) == 1);
  // Equal differences: a binomial, 2 (1 + 16) / 2^16.
  Values equal(16, 0.1);
  equal[3] = -0.1;
  CHECK(*sign_flip_p(equal) == 34.0 / 65536);
}

TEST_CASE("drawn flips agree with the binomial they estimate") {
  // 20 equal differences, 6 of them negative: P(|20 - 2 B| >= 8) = 0.115318, B ~ binomial(20, 1/2).
  Values differences(20, 1.0);
  std::fill_n(differences.begin(), 6, -1.0);
  CHECK(*sign_flip_p(differences) ==
        doctest::Approx(0.115318).epsilon(4 * std::sqrt(0.885 / 0.115 / 1e4)));
  CHECK(*sign_flip_p(Values(30, 1.0)) == doctest::Approx(1.0 / 10001));
}

TEST_CASE("too few pairs, or infinite differences, give no p") {
  CHECK_FALSE(sign_flip_p(Values{1, 2, 3, 4, 5}).has_value());
  CHECK_FALSE(sign_flip_p(Values{1, 2, 3, 4, 5, infinity}).has_value());
  CHECK_FALSE(is_equivalent(Values{0, 0, 0, 0, 0}, 1).has_value());
}

TEST_CASE("p is uniform when there is no difference") {
  int below = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    below += *sign_flip_p(draw(seed, 8, identity)) <= 0.05;
  }
  CHECK(std::abs(below - 50) < 4 * std::sqrt(1000 * 0.05 * 0.95));
}

TEST_CASE("equivalence needs the whole interval inside the margin") {
  const Values small = {-0.01, 0.02, 0.0, 0.01, -0.02, 0.015, -0.005, 0.0};
  CHECK(*is_equivalent(small, 0.05));
  CHECK_FALSE(*is_equivalent(small, 0.005));
  Values shifted = small;
  for (double& value : shifted) value += 0.05;
  CHECK_FALSE(*is_equivalent(shifted, 0.05));
  for (double& value : shifted) value = -value;
  CHECK_FALSE(*is_equivalent(shifted, 0.05));
}

TEST_CASE("Holm's adjustment of hand-worked p values") {
  CHECK(holm(Values{}).empty());
  CHECK(holm(Values{0.04}) == Values{0.04});
  const Values adjusted = holm(Values{0.04, 0.01, 0.03});
  CHECK(adjusted[0] == doctest::Approx(0.06));  // not 0.04: never below the one before
  CHECK(adjusted[1] == doctest::Approx(0.03));
  CHECK(adjusted[2] == doctest::Approx(0.06));
  CHECK(holm(Values{0.6, 0.9})[1] == 1);
}
