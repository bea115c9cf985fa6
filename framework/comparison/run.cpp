// SPDX-License-Identifier: Apache-2.0
// Epochs, their measurements, and how a run can end.
#include "comparison/run.hpp"

#include "comparison/measure.hpp"
#include "training/static_trainer.hpp"

namespace deltaw {
namespace {

template <class T>
EpochRow measure_epoch(StaticTrainer<T>& trainer, const Split<T>& data, bool has_loss) {
  EpochRow row{
      .epoch = trainer.epoch(), .updates = trainer.updates(), .seconds = trainer.seconds()};
  if (!has_loss) return row;
  const auto score = [&](const Partition<T>& part, std::optional<double>& loss,
                         std::optional<double>& accuracy) {
    if (part.size() == 0) return;
    const Score found = trainer.evaluator().score(part);
    loss = found.loss;
    accuracy = found.accuracy;
  };
  score(data.train, row.train_loss, row.train_accuracy);
  score(data.validation, row.validation_loss, row.validation_accuracy);
  score(data.test, row.test_loss, row.test_accuracy);
  return row;
}

}  // namespace

template <class T>
RunOutcome run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
               const Criterion& criterion, const std::stop_token& stop, const OnEpoch& on_epoch) {
  const TrainingSpec& training = arm.arm().training;
  const bool has_loss = !training.loss.is_none();
  RunOutcome outcome;
  outcome.record.rule = arm.arm().name;
  outcome.record.seed = seed;
  StaticTrainer<T> trainer(arm.arm().network, training, arm.drives(), data, seed);
  const auto keep = [&](const EpochRow& row) {
    outcome.record.curve.push_back(row);
    if (on_epoch) on_epoch(row);
  };
  try {
    keep(measure_epoch(trainer, data, has_loss));
    while (trainer.epoch() < training.epochs) {
      if (!trainer.train_epoch(stop)) {
        outcome.record.status = "interrupted";
        break;
      }
      const bool is_last = trainer.epoch() == training.epochs;
      if (is_last || trainer.epoch() % training.evaluate_every == 0) {
        keep(measure_epoch(trainer, data, has_loss));
      }
    }
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;
    outcome.record.status = "failed";
    outcome.record.error = error.text();
  }
  const auto& curve = outcome.record.curve;
  outcome.record.metrics = has_loss ? measure(curve, criterion) : measure(curve);
  outcome.weights = weights_of(trainer.network());
  if (has_loss && data.test.size() > 0) {
    outcome.confusion = to_npy<std::int64_t>(trainer.evaluator().confusion(data.test));
  }
  return outcome;
}

template <class T>
void check_run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed) {
  const StaticTrainer<T> trainer(arm.arm().network, arm.arm().training, arm.drives(), data, seed);
}

template RunOutcome run<float>(const PreparedArm&, const Split<float>&, std::uint64_t,
                               const Criterion&, const std::stop_token&, const OnEpoch&);
template RunOutcome run<double>(const PreparedArm&, const Split<double>&, std::uint64_t,
                                const Criterion&, const std::stop_token&, const OnEpoch&);
template void check_run<float>(const PreparedArm&, const Split<float>&, std::uint64_t);
template void check_run<double>(const PreparedArm&, const Split<double>&, std::uint64_t);

}  // namespace deltaw
