// SPDX-License-Identifier: Apache-2.0
#include "statistics/share.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace deltaw;
using doctest::Approx;

TEST_CASE("Wilson's interval is SciPy's") {
  // scipy_numbers.py
  CHECK(wilson(9, 10).low == Approx(0.595849973205));
  CHECK(wilson(9, 10).high == Approx(0.982123786905));
  CHECK(wilson(0, 12).low == 0);
  CHECK(wilson(0, 12).high == Approx(0.242494006655));
  CHECK(wilson(20, 20).low == Approx(0.838874841947));
  CHECK(wilson(20, 20).high == 1);
  CHECK(wilson(7, 30).low == Approx(0.117923881445));
  CHECK(wilson(7, 30).high == Approx(0.409283261581));
}

TEST_CASE("a tie is half a pair ahead, and an infinite difference a pair like any") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> differences = {0.1, 0, -0.3, infinity, 2};
  CHECK(share_ahead(differences).share == Approx(0.7));
  CHECK(share_ahead(differences).n == 5);
  const std::vector<double> same(8, 0.0);
  CHECK(share_ahead(same).share == 0.5);
}

TEST_CASE("the interval holds one half as often as the binomial says, exactly") {
  // Of 30 fair pairs, 10 to 20 ahead: 1 - 2 P(B <= 9) = 0.957226; of 10, 2 to 8: 1 - 22 / 1024.
  const auto held = [](std::size_t n) {
    double sum = 0;
    for (std::size_t k = 0; k <= n; ++k) {
      const Share share = wilson(static_cast<double>(k), n);
      const auto x = static_cast<double>(k), of = static_cast<double>(n);
      const double chance = std::lgamma(of + 1) - std::lgamma(x + 1) - std::lgamma(of - x + 1);
      if (share.low <= 0.5 && 0.5 <= share.high) sum += std::exp(chance - of * std::log(2.0));
    }
    return sum;
  };
  CHECK(held(30) == Approx(0.957226).epsilon(1e-5));
  CHECK(held(10) == Approx(1 - 22.0 / 1024));
}
