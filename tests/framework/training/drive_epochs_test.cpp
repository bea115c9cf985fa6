// SPDX-License-Identifier: Apache-2.0
// Rules that drive in epochs of their own.
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "core/state.hpp"
#include "scripted_rule.hpp"
#include "training/static_trainer.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

NetworkSpec network() {
  NetworkSpec spec;
  spec.layers = {{.name = "in", .units = 1}, {.name = "out", .units = 1, .bias = false}};
  spec.connections = {{.from = "in", .to = "out", .init = {.type = "zeros"}}};
  return spec;
}

// One sample, so that an epoch is an update.
Split<double> data() {
  Split<double> split;
  split.train.inputs.ones(1, 1);
  split.train.targets.ones(1, 1);
  split.train.labels = {0};
  return split;
}

TrainingSpec training() {
  TrainingSpec spec;
  spec.epochs = 8;
  spec.loss.type = "mse";
  return spec;
}

struct Counted {
  int calls = 0;
  ScriptedRule rule;
  Counted(const std::string& id, double change, std::uint64_t signals = 0)
      : rule(id, signals, [this, change](const deltaw_block&, const deltaw_matrix& delta) {
          ++calls;
          at(delta, 0, 0) += change;
        }) {}
  [[nodiscard]] DriveSpec drive(std::size_t from, std::size_t until) const {
    DriveSpec drive = rule.drive({"in>out"});
    drive.epochs = {from, until};
    return drive;
  }
};

std::vector<double> course(StaticTrainer<double>& trainer) {
  std::vector<double> weights;
  while (trainer.epoch() < training().epochs) {
    REQUIRE(trainer.train_epoch());
    weights.push_back(trainer.network().weights(0)(0, 0));
  }
  return weights;
}

}  // namespace

TEST_CASE("a rule is asked in its epochs alone, and rules may take turns on one connection") {
  const Split<double> split = data();
  const Counted up("up", 1), down("down", -10);
  StaticTrainer<double> trainer(network(), training(), {up.drive(0, 3), down.drive(4, 6)}, split,
                                1);
  CHECK(course(trainer) == std::vector<double>{1, 2, 3, 3, -7, -17, -17, -17});
  CHECK(up.calls == 3);
  CHECK(down.calls == 2);
}

TEST_CASE("a schedule runs over the epochs of its drive") {
  const Split<double> split = data();
  const Counted up("up", 1);
  DriveSpec drive = up.drive(2, 6);
  drive.optimizer.schedule.type = "linear";
  StaticTrainer<double> trainer(network(), training(), {drive}, split, 1);
  // Rates 1, 3/4, 1/2, 1/4.
  CHECK(course(trainer) == std::vector<double>{0, 0, 1, 1.75, 2.25, 2.5, 2.5, 2.5});
}

TEST_CASE("an optimizer starts afresh with its epochs") {
  const Split<double> split = data();
  const Counted first("first", 1), second("second", 1);
  DriveSpec early = first.drive(0, 2), late = second.drive(2, 4);
  early.optimizer.type = late.optimizer.type = "momentum";
  early.optimizer.momentum = late.optimizer.momentum = 0.5;
  StaticTrainer<double> trainer(network(), training(), {early, late}, split, 1);
  const auto weights = course(trainer);
  CHECK(weights[1] - weights[0] > weights[0]);
  CHECK(weights[2] - weights[1] == weights[0]);
  CHECK(weights[3] - weights[2] == weights[1] - weights[0]);
}

TEST_CASE("a layer is computed only in the epochs of a rule that is shown it") {
  const Split<double> split = data();
  const Counted blind("blind", 1e308), seeing("seeing", 0, DELTAW_SIGNAL_BIT(DELTAW_POST));
  Split<double> bright = split;
  bright.train.inputs *= 10;
  StaticTrainer<double> trainer(network(), training(), {blind.drive(0, 1), seeing.drive(3, 4)},
                                bright, 1);
  for (int epoch = 0; epoch < 3; ++epoch) REQUIRE(trainer.train_epoch());
  CHECK_THROWS_WITH_AS((void)trainer.train_epoch(),
                       doctest::Contains("the activity of layer 'out' is no longer finite"), Error);
}

TEST_CASE("a run resumed between two rules ends in the same bits") {
  const Split<double> split = data();
  const Counted up("up", 1), down("down", -0.3);
  const std::vector<DriveSpec> drives = {up.drive(0, 3), down.drive(3, 8)};
  StaticTrainer<double> whole(network(), training(), drives, split, 1);
  StaticTrainer<double> first(network(), training(), drives, split, 1);
  for (int epoch = 0; epoch < 4; ++epoch) REQUIRE(first.train_epoch());
  StateWriter writer;
  first.save(writer);
  StaticTrainer<double> second(network(), training(), drives, split, 1);
  StateReader reader(writer.bytes());
  second.load(reader);
  CHECK(course(whole).back() == course(second).back());
}
