// SPDX-License-Identifier: Apache-2.0
#include "comparison/snapshot.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "framework/training/tiny_trials.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

TrialTrainer<double> trainer_of(const TinyTask& task) {
  return {tiny_network(), tiny_training(), {}, task, 1};
}

}  // namespace

TEST_CASE("a snapshot samples the recurrent layer every 10 ms in 20 trials of each kind") {
  const TinyTask task;
  auto trainer = trainer_of(task);
  const SnapshotPlan plan = plan_snapshots(trainer.network(), task);
  CHECK(trainer.network().graph().layers[plan.layer].name == "recurrent");
  CHECK(plan.stride == 5);
  const Snapshot snapshot = take_snapshot(trainer, plan, 1);
  REQUIRE(snapshot.recording.activity.size() == 40);
  CHECK(snapshot.recording.kind[1] == 1);
  CHECK(snapshot.clean.n_cols == 40);
  for (const arma::fmat& trial : snapshot.recording.activity) {
    CHECK(trial.n_rows == 6);
    CHECK(trial.n_cols == 8);
  }
  // The first trial, sampled.
  for (std::size_t sample = 0; sample < 8; ++sample) {
    CHECK(snapshot.recording.activity[0](2, sample) == snapshot.clean(2, 5 * sample));
  }
  CHECK(snapshot.weights.size() == 1);
  CHECK(snapshot.weights[0].first == "recurrent>recurrent");
}

TEST_CASE("snapshots repeat to the bit, and leave training as it was") {
  const TinyTask task;
  auto trainer = trainer_of(task), other = trainer_of(task);
  const SnapshotPlan plan = plan_snapshots(trainer.network(), task);
  const Snapshot first = take_snapshot(trainer, plan, 1), second = take_snapshot(trainer, plan, 1);
  for (std::size_t trial = 0; trial < 40; ++trial) {
    CHECK(arma::approx_equal(first.recording.activity[trial], second.recording.activity[trial],
                             "absdiff", 0));
  }
  CHECK(trainer.train_trial() == other.train_trial());
}

TEST_CASE("a disturbed unit without synapses returns as (1 - dt/tau)^k") {
  const TinyTask task;
  auto trainer = trainer_of(task);
  const SnapshotPlan plan = plan_snapshots(trainer.network(), task);
  trainer.network().weights(trainer.network().graph().layers[plan.layer].recurrent.value()).zeros();
  CHECK(plan.unit == 3);
  CHECK(plan.step == 10);
  const Snapshot snapshot = take_snapshot(trainer, plan, 1);
  for (std::size_t step = 0; step < 40; ++step) {
    const double expected =
        step < 10 ? 0 : 0.5 * std::pow(1 - 2 / k_tau, static_cast<double>(step - 10));
    CHECK(snapshot.potential_difference[step] == doctest::Approx(expected).epsilon(1e-9));
  }
  for (std::size_t unit = 0; unit < 6; ++unit) {
    CHECK((snapshot.disturbed(unit, 12) != snapshot.clean(unit, 12)) == (unit == 3));
  }
}

TEST_CASE("a clamped unit is never the one disturbed") {
  const TinyTask task;
  NetworkSpec network = tiny_network();
  network.layers[1].dynamics.clamped = {{3, 1.0}, {4, -1.0}};
  const TrialTrainer<float> trainer(network, tiny_training(), {}, task, 1);
  CHECK(plan_snapshots(trainer.network(), task).unit == 5);
}
