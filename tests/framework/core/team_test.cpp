// SPDX-License-Identifier: Apache-2.0
// Every part of every piece of work is done once, whoever does it.
#include "core/team.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <vector>

using namespace deltaw;

TEST_CASE("shares are disjoint, cover everything, and begin at whole grains") {
  for (const std::size_t n : {0u, 1u, 15u, 16u, 17u, 100u, 6400u}) {
    for (const std::size_t members : {1u, 2u, 3u, 7u}) {
      for (const std::size_t grain : {1u, 16u}) {
        std::size_t next = 0;
        for (std::size_t k = 0; k < members; ++k) {
          const Range range = share_of(n, k, members, grain);
          CHECK(range.first == next);
          CHECK(range.last >= range.first);
          if (range.first < n) CHECK(range.first % grain == 0);
          next = range.last;
        }
        CHECK(next == n);
      }
    }
  }
  CHECK(share_of(6400, 1, 2, 16).first == 3200);
}

TEST_CASE("a hundred thousand pieces are each done once by every member") {
  for (const std::size_t members : {1u, 2u, 3u}) {
    Team team(members);
    CHECK(team.members() == members);
    std::vector<std::size_t> done(members), order(members);
    std::iota(order.begin(), order.end(), 0);
    constexpr std::size_t pieces = 100000;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      team.run([&](std::size_t k) { done[k] += piece + order[k]; });
    }
    for (std::size_t k = 0; k < members; ++k) {
      CHECK(done[k] == pieces * (pieces - 1) / 2 + pieces * k);
    }
    CHECK(team.seconds() >= 0);
    CHECK((team.seconds() > 0) == (members > 1));
  }
}
