// SPDX-License-Identifier: Apache-2.0
#include "statistics/sign_flip.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

#include "framework/statistics/draws.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

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

TEST_CASE("sign flips of ten pairs are SciPy's") {
  // scipy_numbers.py: permutation_test() over all 1024.
  const Values differences = {1.1, 0, 2.1, 2.2, 0.7, -0.5, 1.6, 1.3, 2.4, 0.5};
  CHECK(*sign_flip_p(differences) == Approx(0.01171875));
}

TEST_CASE(
    "all flips of 20, 33 and 40 whole differences are counted as a table of sums counts them") {
  for (const std::size_t n : {20u, 33u, 40u}) {
    Values differences(n);
    double observed = 0;
    std::map<int, double> sums = {{0, 1.0}};  // how likely each sum of flips is
    for (std::size_t i = 0; i < n; ++i) {
      const int size = static_cast<int>(1 + 7 * i % 11);
      differences[i] = i % 3 == 0 ? -size : size;
      observed += differences[i];
      std::map<int, double> next;
      for (const auto& [sum, chance] : sums) {
        next[sum + size] += chance / 2;
        next[sum - size] += chance / 2;
      }
      sums = next;
    }
    double p = 0;
    for (const auto& [sum, chance] : sums) p += std::abs(sum) >= std::abs(observed) ? chance : 0;
    CHECK(*sign_flip_p(differences) == Approx(p).epsilon(1e-9));
  }
}

TEST_CASE("of more than 40 differences flips are drawn, and agree with their binomial") {
  // 50 equal ones, 20 of them negative: P(|50 - 2 B| >= 10) = 0.202639, B ~ binomial(50, 1/2).
  Values differences(50, 1.0);
  std::fill_n(differences.begin(), 20, -1.0);
  CHECK(std::abs(*sign_flip_p(differences) - 0.202639) < 4 * std::sqrt(0.2 * 0.8 / 1e4));
  CHECK(*sign_flip_p(Values(41, 1.0)) == Approx(1.0 / 10001));
  CHECK(*sign_flip_p(Values(40, 1.0)) == Approx(std::ldexp(1.0, -39)));
}

TEST_CASE("too few pairs, or infinite differences, give no p") {
  CHECK_FALSE(sign_flip_p(Values{1, 2, 3, 4, 5}).has_value());
  CHECK_FALSE(sign_flip_p(Values{1, 2, 3, 4, 5, infinity}).has_value());
}

TEST_CASE("p is uniform when there is no difference") {
  int below = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    below += *sign_flip_p(draw(seed, 8, identity)) <= 0.05;
  }
  CHECK(std::abs(below - 50) < 4 * std::sqrt(1000 * 0.05 * 0.95));
}
