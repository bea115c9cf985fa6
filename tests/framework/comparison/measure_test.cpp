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

namespace {

// Trials with an error above the criterion's where `pattern` has an x, below it elsewhere.
std::optional<double> trials_to(const std::string& pattern, double share, std::size_t of) {
  RunRecord record;
  for (const char c : pattern) record.errors.push_back(c == 'x' ? 0.5F : 0.25F);
  return measure_trials(record, {.error = 0.5, .share = share, .of = of}).at("trials_to_criterion");
}

}  // namespace

TEST_CASE("the criterion of trials is met by the first trial after which enough were right") {
  // An error of exactly 0.5 is not below it.
  CHECK(trials_to("xxx....x.", 1, 4) == 7);
  CHECK(trials_to("xxx...x..", 1, 4) == std::nullopt);
  CHECK(trials_to("xxx...x..", 0.75, 4) == 6);
  CHECK(trials_to("x.x.x.x.x", 0.5, 4) == 4);
  CHECK(trials_to("xx.x.x..x", 0.75, 4) == 8);
  CHECK(trials_to("....", 1, 4) == 4);
  CHECK(trials_to("...", 1, 4) == std::nullopt);  // there must have been so many
  CHECK(trials_to("...", 0.5, 4) == std::nullopt);
  CHECK(trials_to("", 1, 1) == std::nullopt);
  CHECK(trials_to("x.", 1, 1) == 2);
}

TEST_CASE("a share of trials is a number of trials, whatever its product rounds to") {
  for (int needed = 1; needed <= 100; ++needed) {
    CAPTURE(needed);
    const auto right = static_cast<std::size_t>(needed);
    const std::string enough = std::string(100 - right, 'x') + std::string(right, '.');
    CHECK(trials_to(enough, needed / 100.0, 100) == 100);
    const std::string less = std::string(101 - right, 'x') + std::string(right - 1, '.');
    CHECK(trials_to(less, needed / 100.0, 100) == std::nullopt);
  }
}

TEST_CASE("the metrics of trials are counts and means over all of them") {
  RunRecord record;
  record.errors = {1, 0.5, 0};
  record.curve = {{.epoch = 0, .test_loss = 0.75},
                  {.epoch = 3, .updates = 2, .seconds = 0.5, .train_loss = 0.5, .test_loss = 0.25}};
  const auto metrics = measure_trials(record, {});
  CHECK(*metrics.at("trials") == 3);
  CHECK(*metrics.at("area_under_curve") == 0.5);
  CHECK(*metrics.at("test_loss") == 0.25);
  CHECK(*metrics.at("updates") == 2);
  CHECK(*metrics.at("seconds") == 0.5);
  CHECK_FALSE(metrics.contains("epochs_to_criterion"));
  CHECK_FALSE(measure_trials({}, {}).at("area_under_curve").has_value());
  CHECK(*measure_trials({}, {}).at("trials") == 0);
}
