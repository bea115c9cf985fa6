// SPDX-License-Identifier: Apache-2.0
#include "statistics/holm.hpp"

#include <doctest/doctest.h>

#include "framework/statistics/draws.hpp"

using namespace deltaw;
using doctest::Approx;

TEST_CASE("Holm's adjustment of hand-worked p values") {
  CHECK(holm(Values{}).empty());
  CHECK(holm(Values{0.04}) == Values{0.04});
  const Values adjusted = holm(Values{0.04, 0.01, 0.03});
  CHECK(adjusted[0] == Approx(0.06));  // not 0.04: never below the one before
  CHECK(adjusted[1] == Approx(0.03));
  CHECK(adjusted[2] == Approx(0.06));
  CHECK(holm(Values{0.6, 0.9})[1] == 1);
}
