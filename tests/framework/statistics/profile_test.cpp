// SPDX-License-Identifier: Apache-2.0
#include "statistics/profile.hpp"

#include <doctest/doctest.h>

#include "statistics/share.hpp"

using namespace deltaw;

TEST_CASE("each value is a step down to the share of the runs above it, equal ones one step") {
  const std::vector<double> values = {0.9, 0.7, 0.9, 0.8};
  const std::vector<ProfileStep> steps = performance_profile(values);
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].score == 0.7);
  CHECK(steps[0].share == 0.75);
  CHECK(steps[1].score == 0.8);
  CHECK(steps[1].share == 0.5);
  CHECK(steps[2].score == 0.9);
  CHECK(steps[2].share == 0);
  CHECK(steps[1].low == wilson(2, 4).low);
  CHECK(steps[2].high > 0.3);  // four runs below 0.9 do not say that none ever is above
  CHECK(performance_profile({}).empty());
}
