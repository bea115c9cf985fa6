// SPDX-License-Identifier: Apache-2.0
#include "training/schedule.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

using namespace deltaw;

namespace {

double at(ScheduleSpec schedule, double epoch, double total = 100) {
  OptimizerSpec spec;
  spec.rate = 2;
  spec.schedule = std::move(schedule);
  return rate_at(spec, epoch, total);
}

}  // namespace

TEST_CASE("each schedule has its closed form") {
  CHECK(at({.type = "constant"}, 73) == 2);

  const ScheduleSpec step{.type = "step", .factor = 0.5, .every = 10};
  CHECK(at(step, 9.99) == 2);
  CHECK(at(step, 10) == 1);
  CHECK(at(step, 35) == 0.25);

  CHECK(at({.type = "exponential", .factor = 0.9}, 2) == doctest::Approx(1.62));

  const ScheduleSpec cosine{.type = "cosine", .final_fraction = 0.1};
  CHECK(at(cosine, 0) == doctest::Approx(2));
  CHECK(at(cosine, 50) == doctest::Approx(1.1));
  CHECK(at(cosine, 25) == doctest::Approx(2 * (0.1 + 0.9 * 0.85355339)));
  CHECK(at(cosine, 100) == doctest::Approx(0.2));
  CHECK(at(cosine, 120) == doctest::Approx(0.2));

  const ScheduleSpec linear{.type = "linear", .final_fraction = 0.5};
  CHECK(at(linear, 0) == 2);
  CHECK(at(linear, 50) == doctest::Approx(1.5));
  CHECK(at(linear, 100) == doctest::Approx(1));

  const ScheduleSpec inverse{.type = "inverse", .every = 20};
  CHECK(at(inverse, 0) == 2);
  CHECK(at(inverse, 20) == doctest::Approx(1));
  CHECK(at(inverse, 60) == doctest::Approx(0.5));
}

TEST_CASE("warm-up rises in a straight line and delays the schedule") {
  const ScheduleSpec linear{.type = "linear", .warmup = 4};
  CHECK(at(linear, 0, 104) == doctest::Approx(0.4));
  CHECK(at(linear, 1, 104) == doctest::Approx(0.8));
  CHECK(at(linear, 4, 104) == doctest::Approx(2));
  CHECK(at(linear, 54, 104) == doctest::Approx(1));
  CHECK(at(linear, 104, 104) == doctest::Approx(0));
}

TEST_CASE("a run that is all warm-up has a rate") {
  CHECK(at({.type = "cosine", .warmup = 9}, 9, 9) == doctest::Approx(2));
}

TEST_CASE("an unknown schedule is an error with the nearest name") {
  try {
    (void)at({.type = "cosinus"}, 0);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::E503);
    CHECK(error.text().find("unknown schedule 'cosinus'") != std::string::npos);
    CHECK(error.text().find("did you mean 'cosine'?") != std::string::npos);
  }
}
