// SPDX-License-Identifier: Apache-2.0
// Trials, their measurements, and how a run can end.
#include "comparison/trial_run.hpp"

#include <nlohmann/json.hpp>

#include "comparison/analyse.hpp"
#include "comparison/measure.hpp"
#include "comparison/snapshot.hpp"
#include "core/naming_arm.hpp"
#include "training/trial_trainer.hpp"

namespace deltaw {
namespace {

// Noise-free trials of each kind in a row of the curve, and in the last one.
constexpr std::uint64_t k_tests = 2, k_final_tests = 20;

struct Mean {
  double errors = 0, right = 0, count = 0;

  void add(double error, const Criterion& criterion) {
    errors += error;
    if (error < criterion.error) right += 1;
    count += 1;
  }
};

template <class T>
void test(TrialTrainer<T>& trainer, std::uint64_t seed, std::uint64_t tests,
          const Criterion& criterion, EpochRow& row) {
  Mean mean;
  const TrialTask& task = trainer.task();
  for (std::uint32_t kind = 0; kind < task.kinds(); ++kind) {
    for (std::uint64_t i = 0; i < tests; ++i) {
      const std::uint64_t number = i * task.kinds() + kind;
      mean.add(trainer.error_of(task.of_kind(kind, seed, i), "test start", number), criterion);
    }
  }
  row.test_loss = mean.errors / mean.count;
  row.test_accuracy = mean.right / mean.count;
}

template <class T>
void keep_initial_weights(const Network<T>& network, RunOutcome& outcome) {
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    const Graph::Connection& connection = network.graph().connections[c];
    if (!connection.is_plastic) continue;
    outcome.arrays.emplace_back("initial/" + connection.name, to_npy<T>(network.weights(c)));
  }
}

// Trains to the end, or until asked to stop, or until an error.
template <class T>
void train(TrialTrainer<T>& trainer, const TrainingSpec& training, std::uint64_t seed,
           const Criterion& criterion, const std::stop_token& stop, const OnEpoch& on_epoch,
           RunRecord& record) {
  const auto measure_row = [&](const Mean& mean, std::uint64_t tests) {
    EpochRow row{
        .epoch = trainer.trials(), .updates = trainer.updates(), .seconds = trainer.seconds()};
    if (mean.count > 0) {
      row.train_loss = mean.errors / mean.count;
      row.train_accuracy = mean.right / mean.count;
    }
    keep_alignment(trainer.take_alignment(), row, record);
    test(trainer, seed, tests, criterion, row);
    record.curve.push_back(row);
    if (on_epoch) on_epoch(row);
  };
  measure_row({}, k_tests);
  Mean mean;
  while (trainer.trials() < training.trials) {
    if (stop.stop_requested()) {
      record.status = "interrupted";
      return;
    }
    const double error = trainer.train_trial();
    record.errors.push_back(static_cast<float>(error));
    mean.add(error, criterion);
    const bool is_last = trainer.trials() == training.trials;
    if (!is_last && trainer.trials() % training.evaluate_every != 0) continue;
    measure_row(std::exchange(mean, {}), is_last ? k_final_tests : k_tests);
  }
}

// Empty where the network diverges without noise: a run is not judged by its analysis.
template <class T>
std::optional<Snapshot> snapshot(TrialTrainer<T>& trainer, const SnapshotPlan& plan,
                                 std::uint64_t seed) {
  try {
    return take_snapshot(trainer, plan, seed);
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;
    return std::nullopt;
  }
}

}  // namespace

template <class T>
RunOutcome run_trials(const PreparedArm& arm, const TrialTask& task, std::uint64_t seed,
                      const Criterion& criterion, bool is_analysed, const std::stop_token& stop,
                      const OnEpoch& on_epoch) {
  const TrainingSpec& training = arm.arm().training;
  RunOutcome outcome;
  RunRecord& record = outcome.record;
  record.rule = arm.arm().name;
  record.seed = seed;
  TrialTrainer<T> trainer(arm.arm().network, training, arm.drives(), task, seed);
  if (arm.alignment()) trainer.watch(*arm.alignment());
  keep_initial_weights(trainer.network(), outcome);
  const auto initial = plastic_weights(trainer.network());
  const SnapshotPlan plan = plan_snapshots(trainer.network(), task);
  std::optional<double> change;
  try {
    const auto before = is_analysed ? snapshot(trainer, plan, seed) : std::nullopt;
    train(trainer, training, seed, criterion, stop, on_epoch, record);
    if (record.status == "finished") {
      change = relative_change(initial, plastic_weights(trainer.network()));
      const auto after = before ? snapshot(trainer, plan, seed) : std::nullopt;
      if (after) {
        const std::string& layer = trainer.network().graph().layers[plan.layer].name;
        outcome.analysis =
            std::make_shared<const nlohmann::json>(analyse(plan, *before, *after, task, layer));
      }
    }
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;
    record.status = "failed";
    record.error = error.text();
  }
  record.metrics = measure_trials(record, criterion);
  record.metrics["weight_change"] = change;
  outcome.weights = weights_of(trainer.network());
  outcome.arrays.emplace_back("errors", NpyMatrix{1, record.errors.size(), record.errors});
  return outcome;
}

template <class T>
void check_trials(const PreparedArm& arm, const TrialTask& task, std::uint64_t seed) {
  naming_arm(arm.arm().name, [&] {
    TrialTrainer<T> trainer(arm.arm().network, arm.arm().training, arm.drives(), task, seed);
    if (arm.alignment()) trainer.watch(*arm.alignment());
  });
}

template RunOutcome run_trials<float>(const PreparedArm&, const TrialTask&, std::uint64_t,
                                      const Criterion&, bool, const std::stop_token&,
                                      const OnEpoch&);
template RunOutcome run_trials<double>(const PreparedArm&, const TrialTask&, std::uint64_t,
                                       const Criterion&, bool, const std::stop_token&,
                                       const OnEpoch&);
template void check_trials<float>(const PreparedArm&, const TrialTask&, std::uint64_t);
template void check_trials<double>(const PreparedArm&, const TrialTask&, std::uint64_t);

}  // namespace deltaw
