// SPDX-License-Identifier: Apache-2.0
// Epochs, windows of samples in them, and how a run can end.
#include "comparison/spiking_run.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "comparison/cost.hpp"
#include "comparison/feature_study.hpp"
#include "comparison/measure.hpp"
#include "comparison/spike_recording_json.hpp"
#include "core/error.hpp"
#include "core/naming_arm.hpp"
#include "core/nearest.hpp"
#include "core/rounded.hpp"
#include "readout/labels.hpp"
#include "spiking/bytes.hpp"
#include "training/class_answer.hpp"
#include "training/spiking_trainer.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// What the layer that is read answers while it learns, window by window.
template <class T>
class Windows {
 public:
  // Where units are assigned to classes, answers are right or wrong from the first one on.
  Windows(const Partition<T>& data, std::size_t units, std::size_t length, bool are_assigned)
      : data_(data),
        classes_(data.targets.n_rows),
        length_(length),
        are_assigned_(are_assigned),
        labels_(units, classes_) {}

  void add(const Answer<T>& answer) {
    const std::uint32_t label = data_.labels[answer.sample];
    if (are_assigned_) {
      right_ += class_answer(answer.counts, classes_) == label;
    } else if (!known_.empty()) {
      right_ += vote<T>(answer.counts, known_, classes_, {})[0] == label;
    }
    labels_.add(answer.counts, &label);
    spikes_ += answer.spikes;
    presentations_ += answer.presentations;
    ++samples_;
    if (++in_window_ == length_) end_window();
  }
  [[nodiscard]] std::size_t samples() const { return samples_; }
  [[nodiscard]] std::optional<double> accuracy() const { return accuracy_; }
  [[nodiscard]] const json& rows() const { return rows_; }

  void save(StateWriter& writer) const {
    writer.text("windows", rows_.dump());
    writer.real("accuracy", accuracy_.value_or(k_unknown));
    labels_.save(writer);
    save_list(writer, "known", known_);
    for (const std::size_t count : {samples_, in_window_, right_, spikes_, presentations_}) {
      writer.integer("count", count);
    }
  }
  void load(StateReader& reader) {
    rows_ = json::parse(reader.text("windows"));
    const double accuracy = reader.real("accuracy");
    if (accuracy != k_unknown) accuracy_ = accuracy;
    labels_.load(reader);
    known_ = load_list(reader, "known");
    for (std::size_t* count : {&samples_, &in_window_, &right_, &spikes_, &presentations_}) {
      *count = reader.integer("count");
    }
  }

 private:
  static constexpr double k_unknown = -1;

  void end_window() {
    const auto mean = [&](std::size_t sum) {
      return static_cast<double>(sum) / static_cast<double>(in_window_);
    };
    const bool is_known = are_assigned_ || !known_.empty();
    accuracy_ = is_known ? std::optional(mean(right_)) : std::nullopt;
    rows_.push_back({{"epoch", static_cast<double>(samples_) / static_cast<double>(data_.size())},
                     {"accuracy", rounded(accuracy_)},
                     {"spikes", mean(spikes_)},
                     {"presentations", mean(presentations_)}});
    known_ = labels_.labels();
    labels_ = UnitLabels<T>(known_.size(), classes_);
    right_ = spikes_ = presentations_ = in_window_ = 0;
  }

  const Partition<T>& data_;
  std::size_t classes_, length_;
  bool are_assigned_;
  UnitLabels<T> labels_;              // of this window
  std::vector<std::uint32_t> known_;  // of the window before
  std::size_t samples_ = 0, in_window_ = 0, right_ = 0, spikes_ = 0, presentations_ = 0;
  std::optional<double> accuracy_;
  json rows_ = json::array();
};

template <class T>
EpochRow row_of(const SpikingTrainer<T>& trainer, const Windows<T>& windows) {
  EpochRow row{
      .epoch = trainer.epoch(), .updates = trainer.updates(), .seconds = trainer.seconds()};
  row.train_accuracy = windows.accuracy();
  return row;
}

// With what units that are assigned to classes answer while nothing learns. Empty when stopped.
template <class T>
std::optional<EpochRow> last_row(SpikingTrainer<T>& trainer, const Windows<T>& windows,
                                 const Split<T>& data, const std::stop_token& stop) {
  EpochRow row = row_of(trainer, windows);
  if (!trainer.has_rewards()) return row;
  const auto score = [&](const Partition<T>& part, const char* name, std::optional<double>& into) {
    if (part.size() == 0) return true;
    const auto counts = trainer.count(part, fmt::format("poisson/{}", name), stop, {});
    if (counts) into = share_right(*counts, data.train.targets.n_rows, part.labels);
    return counts.has_value();
  };
  if (!score(data.validation, "validation", row.validation_accuracy)) return std::nullopt;
  if (!score(data.test, "test", row.test_accuracy)) return std::nullopt;
  return row;
}

// The layer that the spec names must be the one that is read.
template <class T>
void check_layer(const FeaturesSpec& spec, const SpikingTrainer<T>& trainer) {
  const std::string& read = trainer.network().layers()[trainer.read_layer()].name;
  if (spec.layer.empty() || spec.layer == read) return;
  throw Error(
      Code::E503,
      fmt::format("\"features\" look at layer '{}', the presentation reads '{}'", spec.layer, read),
      {.hint =
           fmt::format("\"presentation\": {{\"layer\": \"{}\"}} under \"training\"", spec.layer)});
}

template <class T>
void keep_state(const SpikingNetwork<T>& network, RunOutcome& outcome) {
  for (std::size_t c = 0; c < network.connections().size(); ++c) {
    if (!network.connections()[c].is_plastic) continue;
    outcome.weights.emplace_back(network.connections()[c].name, to_npy<T>(network.weights(c)));
  }
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    if (network.layers()[i].is_source) continue;
    outcome.arrays.emplace_back("theta/" + network.layers()[i].name,
                                to_npy(arma::Mat<T>(network.theta(i))));
  }
}

}  // namespace

template <class T>
RunOutcome run_spiking(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
                       const RunPlan& plan, const std::stop_token& stop) {
  const TrainingSpec& training = arm.arm().training;
  RunOutcome outcome;
  RunRecord& record = outcome.record;
  record.rule = arm.arm().name;
  record.seed = seed;
  std::optional<Team> team;
  SpikingTrainer<T> trainer(*arm.arm().spiking, training, arm.drives(), data, seed);
  if (plan.threads > 1 && trainer.network().is_large()) trainer.share(team.emplace(plan.threads));
  if (arm.alignment()) trainer.watch(*arm.alignment());
  const auto& layer = trainer.network().layers()[trainer.read_layer()];
  Windows<T> windows(data.train, layer.units, training.evaluate_every, trainer.has_rewards());
  const auto keep = [&](EpochRow row) {
    keep_alignment(trainer.take_alignment(), row, record);
    record.curve.push_back(std::move(row));
    if (plan.on_epoch) plan.on_epoch(record.curve.back());
  };
  const auto epochs = static_cast<double>(training.epochs);
  const auto tell = [&](const char* doing, std::size_t done, std::size_t of, double epoch) {
    if (plan.on_shown) plan.on_shown({doing, done, of, epoch, windows.accuracy()});
  };
  const auto keep_metrics = [&] {
    record.metrics = measure(record.curve);
    record.metrics.merge(cost_metrics(trainer.work(), trainer.state_bytes()));
  };
  Checkpoint checkpoint(plan.state, record, [&](StateWriter& writer) {
    trainer.save(writer);
    windows.save(writer);
  });
  const auto load = [&](StateReader& reader) {
    trainer.load(reader);
    windows.load(reader);
    return static_cast<double>(windows.samples()) / static_cast<double>(data.train.size());
  };
  try {
    if (!checkpoint.resume(load)) keep(row_of(trainer, windows));
    while (record.status == "finished" && trainer.epoch() < training.epochs) {
      const bool is_done = trainer.train_epoch(stop, [&](const Answer<T>& answer) {
        windows.add(answer);
        tell("training", windows.samples(), training.epochs * data.train.size(),
             static_cast<double>(windows.samples()) / static_cast<double>(data.train.size()));
        checkpoint.pass();
      });
      if (!is_done) {
        record.status = "interrupted";
      } else if (trainer.epoch() < training.epochs) {
        keep(row_of(trainer, windows));
      }
    }
    if (record.status == "finished" && record.curve.back().epoch < trainer.epoch()) {
      if (auto row = last_row(trainer, windows, data, stop)) {
        keep(std::move(*row));
      } else {
        record.status = "interrupted";
      }
    }
    keep_metrics();
    keep_state(trainer.network(), outcome);
    if (plan.features != nullptr && record.status == "finished") {
      const std::size_t all = data.train.size() + data.validation.size() + data.test.size();
      std::size_t counted = 0;
      const FeatureSource<T> source{
          layer.name, layer.units, [&](const Partition<T>& part, const char* name) {
            return trainer.count(
                part, fmt::format("poisson/{}", name), stop, [&](std::size_t done, std::size_t of) {
                  const double share =
                      static_cast<double>(counted + done) / static_cast<double>(all);
                  tell(name, done, of, epochs + share);
                  if (done == of) counted += of;
                });
          }};
      if (!study_features(*plan.features, source, data, seed, windows.rows(), stop, plan.on_readout,
                          outcome)) {
        record.status = "interrupted";
      } else if (plan.is_analysed) {
        const Partition<T>& part = data.test.size() > 0 ? data.test : data.train;
        json features = *outcome.features;
        features["recording"] = to_json(trainer.record(part, 0));
        outcome.features = std::make_shared<const json>(std::move(features));
      }
    }
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;
    record.status = "failed";
    record.error = error.text();
    if (record.metrics.empty()) keep_metrics();
  }
  checkpoint.keep_interrupted();
  return outcome;
}

template <class T>
void check_spiking(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
                   const FeaturesSpec* features) {
  naming_arm(arm.arm().name, [&] {
    SpikingTrainer<T> trainer(*arm.arm().spiking, arm.arm().training, arm.drives(), data, seed);
    if (arm.alignment()) trainer.watch(*arm.alignment());
    if (features != nullptr) check_layer(*features, trainer);
  });
  if (features != nullptr && !features->readouts.empty()) {
    require_every_class(data.train.labels, data.train.targets.n_rows);
  }
}

template RunOutcome run_spiking<float>(const PreparedArm&, const Split<float>&, std::uint64_t,
                                       const RunPlan&, const std::stop_token&);
template RunOutcome run_spiking<double>(const PreparedArm&, const Split<double>&, std::uint64_t,
                                        const RunPlan&, const std::stop_token&);
template void check_spiking<float>(const PreparedArm&, const Split<float>&, std::uint64_t,
                                   const FeaturesSpec*);
template void check_spiking<double>(const PreparedArm&, const Split<double>&, std::uint64_t,
                                    const FeaturesSpec*);

}  // namespace deltaw
