// SPDX-License-Identifier: Apache-2.0
#include "analysis/selectivity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "error_of.hpp"
#include "planted.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

constexpr SelectivitySpec quick{.permutations = 1000};

Selectivity of(const Recording& recording, const Window& window) {
  return mixed_selectivity(recording, first_stimulus, second_stimulus, window, quick);
}

double u1(std::uint32_t kind) { return sign_of(first_stimulus, kind); }
double u2(std::uint32_t kind) { return sign_of(second_stimulus, kind); }

}  // namespace

TEST_CASE("planted coefficients are found, over the window alone") {
  const Recording recording = planted(3, 2, 10, 0, [](auto kind, auto unit, auto step) {
    if (step < 4 || step >= 8) return 100.0 * kind;
    const double ramp = static_cast<double>(step) - 5.5;  // of mean 0 in the window
    return unit == 0 ? 0.5 * u1(kind) - 0.25 * u2(kind) + 2 * u1(kind) * u2(kind) + 3 + ramp
                     : -1 * u1(kind) + 0.125 * u2(kind) - 0.75 * u1(kind) * u2(kind) - ramp;
  });
  const Selectivity found = of(recording, {4, 8});
  const arma::mat expected = {{0.5, -0.25, 2, 3}, {-1, 0.125, -0.75, 0}};
  CHECK(arma::approx_equal(found.coefficients, expected, "absdiff", 1e-6));
}

TEST_CASE("planted conjunctions are found beside strong main effects, and additive units are not") {
  // The first 30 of 100 units hold the XOR at half the noise; all hold main effects at five times.
  const Recording recording = planted(20, 100, 1, 1, [](auto kind, auto unit, auto) {
    const double additive = 5 * u1(kind) - 5 * u2(kind);
    return unit < 30 ? additive + u1(kind) * u2(kind) : additive;
  });
  const Selectivity found = of(recording, {0, 1});
  const auto is_significant = [](double q) { return q <= 0.05; };
  CHECK(std::count_if(found.q.begin(), found.q.begin() + 30, is_significant) == 30);
  CHECK(std::count_if(found.q.begin() + 30, found.q.end(), is_significant) <= 5);
  CHECK(found.fraction >= 0.3);
  CHECK(found.fraction <= 0.35);
}

TEST_CASE("p of additive units is uniform") {
  const Recording recording =
      planted(10, 2000, 1, 1, [](auto kind, auto, auto) { return 2 * u1(kind); });
  const Selectivity found = of(recording, {0, 1});
  for (const double alpha : {0.05, 0.5}) {
    const auto below = std::ranges::count_if(found.p, [&](double p) { return p <= alpha; });
    const double spread = std::sqrt(2000 * alpha * (1 - alpha));
    CHECK(std::abs(static_cast<double>(below) - 2000 * alpha) < 3 * spread);
  }
  CHECK(found.fraction < 0.005);
}

TEST_CASE("an additive unit without noise is not taken for mixed by its rounding") {
  const Recording recording = planted(20, 10, 3, 0, [](auto kind, auto unit, auto) {
    return 0.1 * static_cast<double>(unit + 1) * u1(kind) + 0.3 * u2(kind) + 0.7;
  });
  const Selectivity found = of(recording, {0, 3});
  CHECK(std::ranges::all_of(found.p, [](double p) { return p == 1; }));
  CHECK(found.fraction == 0);
}

TEST_CASE("the worked example of Benjamini and Hochberg rejects the four smallest of 15") {
  const std::vector<double> p = {.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                                 .0459, .3240, .4262, .5719, .6528, .7590, 1.000};
  std::vector<double> reversed(p.rbegin(), p.rend());
  std::vector<double> q = false_discovery(reversed);
  std::ranges::reverse(q);
  CHECK(std::ranges::count_if(q, [](double x) { return x <= 0.05; }) == 4);
  CHECK(q[0] == Approx(0.0015));
  CHECK(q[3] == Approx(0.0095 * 15 / 4));
  CHECK(q[4] == Approx(0.0603));
  CHECK(q[5] == Approx(0.0298 * 15 / 7));  // below its own 0.0278 * 15 / 6
  CHECK(q[14] == 1);
  CHECK(false_discovery({}).empty());
}

TEST_CASE("factors that do not cross and trials that are too few are named") {
  const Recording recording = planted(1, 2, 2, 1, [](auto, auto, auto) { return 0; });
  const auto attempt = [&](const Levels& a, const Levels& b) {
    return error_of([&] { (void)mixed_selectivity(recording, a, b, {0, 1}, quick); });
  };
  CHECK(attempt(first_stimulus, second_stimulus).code() == Code::E405);
  CHECK(attempt(first_stimulus, {0, 1}).code() == Code::E403);
  CHECK(attempt(first_stimulus, {0, 1, 2, 1}).detail().found == "levels 1 and 2");
  CHECK(attempt(first_stimulus, first_stimulus).code() == Code::E403);
}
