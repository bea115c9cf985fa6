// SPDX-License-Identifier: Apache-2.0
#include "comparison/quartiles.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

TEST_CASE("quartiles are of the finite values alone") {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  CHECK(quartiles({9, infinite, 1, 3, std::nan(""), 7, 5}) ==
        json{{"min", 1.0}, {"q1", 3.0}, {"median", 5.0}, {"q3", 7.0}, {"max", 9.0}});
  CHECK(quartiles({infinite}).is_null());
}
