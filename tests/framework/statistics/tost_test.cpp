// SPDX-License-Identifier: Apache-2.0
#include "statistics/tost.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "framework/statistics/draws.hpp"

using namespace deltaw;

namespace {

std::optional<bool> within(const Values& differences, double margin) {
  Bootstrap bootstrap;
  return is_equivalent(differences, margin, bootstrap);
}

}  // namespace

TEST_CASE("equivalence needs the whole interval inside the margin") {
  const Values small = {-0.01, 0.02, 0.0, 0.01, -0.02, 0.015, -0.005, 0.0};
  CHECK(*within(small, 0.05));
  CHECK_FALSE(*within(small, 0.005));
  Values shifted = small;
  for (double& value : shifted) value += 0.05;
  CHECK_FALSE(*within(shifted, 0.05));
  for (double& value : shifted) value = -value;
  CHECK_FALSE(*within(shifted, 0.05));
}

TEST_CASE("too few pairs make no claim of equivalence") {
  CHECK_FALSE(within(Values{0, 0, 0, 0, 0}, 1).has_value());
}
