// SPDX-License-Identifier: Apache-2.0
#include "comparison/measure.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace deltaw;

namespace {

std::vector<EpochRow> curve() {
  return {{.epoch = 0, .train_loss = 2.0, .train_accuracy = 0.1},
          {.epoch = 2, .updates = 80, .seconds = 1, .train_loss = 1.0, .train_accuracy = 0.9},
          {.epoch = 6, .updates = 240, .seconds = 3, .train_loss = 0.5, .train_accuracy = 0.7}};
}

}  // namespace

TEST_CASE("the last values and the cost are taken from the end of the curve") {
  const auto metrics = measure(curve(), {});
  CHECK(*metrics.at("train_accuracy") == 0.7);
  CHECK(*metrics.at("train_loss") == 0.5);
  CHECK(*metrics.at("seconds") == 3);
  CHECK(*metrics.at("updates") == 240);
  CHECK_FALSE(metrics.at("test_accuracy").has_value());
}

TEST_CASE("a last epoch without a measurement does not hide the one before") {
  auto rows = curve();
  rows.push_back({.epoch = 7, .updates = 280, .seconds = 4});
  CHECK(*measure(rows, {}).at("train_accuracy") == 0.7);
  CHECK(*measure(rows, {}).at("updates") == 280);
}

TEST_CASE("a loss that is not finite is no measurement") {
  auto rows = curve();
  rows.back().train_loss = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(measure(rows, {}).at("train_loss").has_value());
}

TEST_CASE("a criterion is met by the first epoch at or beyond it, upward or downward") {
  const auto epochs = [](const Criterion& criterion) {
    return measure(curve(), criterion).at("epochs_to_criterion");
  };
  CHECK(*epochs({"train_accuracy", 0.9}) == 2);
  CHECK(*epochs({"train_accuracy", 0.05}) == 0);
  CHECK_FALSE(epochs({"train_accuracy", 0.95}).has_value());
  CHECK(*epochs({"train_loss", 0.9, false}) == 6);
  CHECK(*epochs({"train_loss", 3, false}) == 0);
  CHECK_FALSE(epochs({"test_accuracy", 0}).has_value());
}

TEST_CASE("the area under the curve weighs epochs, not rows") {
  // (2 (0.1 + 0.9) / 2 + 4 (0.9 + 0.7) / 2) / 6
  CHECK(*measure(curve(), {}).at("area_under_curve") == doctest::Approx(4.2 / 6));
  CHECK_FALSE(measure({}, {}).at("area_under_curve").has_value());
  CHECK_FALSE(measure({}, {}).at("seconds").has_value());
}
