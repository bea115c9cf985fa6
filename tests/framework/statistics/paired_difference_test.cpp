// SPDX-License-Identifier: Apache-2.0
#include "statistics/paired_difference.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace deltaw;
using doctest::Approx;

namespace {

std::vector<double> answers(std::size_t only_first, std::size_t only_second, std::size_t n) {
  std::vector<double> differences(n, 0.0);
  for (std::size_t k = 0; k < only_first; ++k) differences[k] = 1;
  for (std::size_t k = 0; k < only_second; ++k) differences[only_first + k] = -1;
  return differences;
}

double log_factorial(std::size_t n) { return std::lgamma(static_cast<double>(n) + 1); }

}  // namespace

TEST_CASE("McNemar's p is twice the binomial's tail") {
  CHECK(mcnemar_p(10, 2) == Approx(2 * (1 + 12 + 66) / 4096.0));
  CHECK(mcnemar_p(2, 10) == mcnemar_p(10, 2));
  CHECK(mcnemar_p(0, 6) == Approx(2 / 64.0));
  CHECK(mcnemar_p(5, 5) == 1);
  CHECK(mcnemar_p(0, 0) == 1);
}

TEST_CASE("a paired difference has Bonett and Price's interval") {
  // Of 100, 10 and 2: (11 - 3) / 102 about +- 1.959964 sqrt((11 + 3 - 8^2 / 102) / 102) /
  // sqrt(102).
  const Difference found = paired_difference(answers(10, 2, 100));
  CHECK(found.mean == Approx(0.08));
  const double spread = 1.959963985 * std::sqrt(14 - 64 / 102.0) / 102;
  CHECK(found.low == Approx(8 / 102.0 - spread));
  CHECK(found.high == Approx(8 / 102.0 + spread));
  const Difference back = paired_difference(answers(2, 10, 100));
  CHECK(back.low == Approx(-found.high));
}

TEST_CASE("sets that answer alike differ by nothing, but with a doubt") {
  const Difference found = paired_difference(answers(0, 0, 50));
  CHECK(found.mean == 0);
  CHECK(found.low < -0.01);
  CHECK(found.high == Approx(-found.low));
}

TEST_CASE("the interval holds the difference as often as it says, by enumeration") {
  // 40 questions; first alone right 0.12, second alone 0.05: all (b, c) with their chances.
  constexpr std::size_t n = 40;
  constexpr double p = 0.12, q = 0.05;
  double held = 0;
  for (std::size_t b = 0; b <= n; ++b) {
    for (std::size_t c = 0; b + c <= n; ++c) {
      const double ways =
          log_factorial(n) - log_factorial(b) - log_factorial(c) - log_factorial(n - b - c);
      const double chance = std::exp(ways + static_cast<double>(b) * std::log(p) +
                                     static_cast<double>(c) * std::log(q) +
                                     static_cast<double>(n - b - c) * std::log(1 - p - q));
      const Difference found = paired_difference(answers(b, c, n));
      if (found.low <= p - q && p - q <= found.high) held += chance;
    }
  }
  CHECK(held > 0.94);
  CHECK(held < 0.98);
}
