// SPDX-License-Identifier: Apache-2.0
// Epochs, their measurements, and how a run can end.
#include "comparison/run.hpp"

#include "comparison/cost.hpp"
#include "comparison/feature_study.hpp"
#include "comparison/measure.hpp"
#include "comparison/shown_images.hpp"
#include "core/naming_arm.hpp"
#include "readout/features.hpp"
#include "readout/readout.hpp"
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

template <class T>
FeatureSource<T> source_of(const FeaturesSpec& spec, const Network<T>& network) {
  const std::size_t layer = features_layer(spec, network.graph());
  return {network.graph().layers[layer].name, network.graph().layers[layer].units,
          [&network, layer](const Partition<T>& part, const char*) {
            return std::optional(features_of(network, layer, part.inputs));
          }};
}

}  // namespace

template <class T>
RunOutcome run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
               const RunPlan& plan, const std::stop_token& stop) {
  const TrainingSpec& training = arm.arm().training;
  const bool has_loss = !training.loss.is_none();
  RunOutcome outcome;
  outcome.record.rule = arm.arm().name;
  outcome.record.seed = seed;
  StaticTrainer<T> trainer(arm.arm().network, training, arm.drives(), data, seed);
  std::optional<FeatureCourse<T>> course;
  if (plan.features != nullptr) {
    const std::size_t layer = features_layer(*plan.features, trainer.network().graph());
    course.emplace(*plan.features, trainer.network(), layer, data);
  }
  if (arm.alignment()) trainer.watch(*arm.alignment());
  const auto keep = [&](EpochRow row) {
    keep_alignment(trainer.take_alignment(), row, outcome.record);
    outcome.record.curve.push_back(row);
    if (plan.on_epoch) plan.on_epoch(row);
    if (course) course->add(row.epoch, trainer.monitored());
  };
  const auto survives = [&](const auto& step) {
    try {
      step();
    } catch (const Error& error) {
      if (!is_failure_of_a_rule(error.code())) throw;
      outcome.record.status = "failed";
      outcome.record.error = error.text();
    }
    return outcome.record.status == "finished";
  };
  Checkpoint checkpoint(plan.state, outcome.record, [&](StateWriter& writer) {
    trainer.save(writer);
    if (course) course->save(writer);
  });
  const auto load = [&](StateReader& reader) {
    trainer.load(reader);
    if (course) course->load(reader);
    return static_cast<double>(trainer.epoch());
  };
  const bool is_trained = survives([&] {
    if (!checkpoint.resume(load)) keep(measure_epoch(trainer, data, has_loss));
    while (trainer.epoch() < training.epochs) {
      if (!trainer.train_epoch(stop, [&] { checkpoint.pass(); })) {
        outcome.record.status = "interrupted";
        break;
      }
      const bool is_last = trainer.epoch() == training.epochs;
      if (is_last || trainer.epoch() % training.evaluate_every == 0) {
        keep(measure_epoch(trainer, data, has_loss));
      }
    }
  });
  const auto& curve = outcome.record.curve;
  outcome.record.metrics = has_loss ? measure(curve, plan.criterion) : measure(curve);
  outcome.record.metrics.merge(cost_metrics(trainer.work(), trainer.state_bytes()));
  outcome.weights = weights_of(trainer.network());
  if (has_loss && data.test.size() > 0) {
    outcome.confusion = to_npy<std::int64_t>(trainer.evaluator().confusion(data.test));
    if (plan.shows_images && is_trained) show_images(trainer.network(), data.test, outcome);
  }
  if (course && is_trained) {
    survives([&] {
      if (!study_features(*plan.features, source_of(*plan.features, trainer.network()), data, seed,
                          course->rows(), stop, plan.on_readout, outcome)) {
        outcome.record.status = "interrupted";
      }
    });
  }
  checkpoint.keep_interrupted();
  return outcome;
}

template <class T>
void check_run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
               const FeaturesSpec* features) {
  naming_arm(arm.arm().name, [&] {
    StaticTrainer<T> trainer(arm.arm().network, arm.arm().training, arm.drives(), data, seed);
    if (arm.alignment()) trainer.watch(*arm.alignment());
    if (features) static_cast<void>(features_layer(*features, trainer.network().graph()));
  });
  if (features != nullptr && !features->readouts.empty()) {
    require_every_class(data.train.labels, data.train.targets.n_rows);
  }
}

template RunOutcome run<float>(const PreparedArm&, const Split<float>&, std::uint64_t,
                               const RunPlan&, const std::stop_token&);
template RunOutcome run<double>(const PreparedArm&, const Split<double>&, std::uint64_t,
                                const RunPlan&, const std::stop_token&);
template void check_run<float>(const PreparedArm&, const Split<float>&, std::uint64_t,
                               const FeaturesSpec*);
template void check_run<double>(const PreparedArm&, const Split<double>&, std::uint64_t,
                                const FeaturesSpec*);

}  // namespace deltaw
