// SPDX-License-Identifier: Apache-2.0
#include "tuning/points.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <set>

using namespace deltaw;

TEST_CASE("Sobol's first points are those that Joe and Kuo publish") {
  // Their program's output for three dimensions, without the origin.
  constexpr std::array<std::array<double, 3>, 9> published = {{{0.5, 0.5, 0.5},
                                                               {0.75, 0.25, 0.25},
                                                               {0.25, 0.75, 0.75},
                                                               {0.375, 0.375, 0.625},
                                                               {0.875, 0.875, 0.125},
                                                               {0.625, 0.125, 0.875},
                                                               {0.125, 0.625, 0.375},
                                                               {0.1875, 0.3125, 0.9375},
                                                               {0.6875, 0.8125, 0.4375}}};
  const auto points = sobol_points(published.size(), 3);
  for (std::size_t i = 0; i < points.size(); ++i) {
    CHECK(std::ldexp(static_cast<double>(points[i]), -64) == published[i / 3][i % 3]);
  }
}

TEST_CASE("a shift keeps each eighth of every axis equally full") {
  // Points 8 .. 15 of the sequence, a net of base 2: one in each eighth, whatever the shift.
  for (const std::uint64_t seed : {0u, 7u, 101u}) {
    const Points shifted("sobol", seed, 15, 4);
    for (std::size_t d = 0; d < 4; ++d) {
      std::set<int> eighths;
      for (std::size_t i = 7; i < 15; ++i) {
        CHECK(shifted.at(i, d) >= 0);
        CHECK(shifted.at(i, d) < 1);
        eighths.insert(static_cast<int>(8 * shifted.at(i, d)));
      }
      CHECK(eighths.size() == 8);
    }
  }
}

TEST_CASE("arms with fewer dimensions and shorter searches see a part of the same points") {
  for (const char* search : {"sobol", "random"}) {
    const Points all(search, 101, 20, 5), some(search, 101, 9, 2), other(search, 102, 9, 2);
    for (std::size_t i = 0; i < 9; ++i) {
      for (std::size_t d = 0; d < 2; ++d) {
        CHECK(all.at(i, d) == some.at(i, d));
        CHECK(some.at(i, d) != other.at(i, d));
      }
    }
  }
}
