// SPDX-License-Identifier: Apache-2.0
// The loop.
#include "training/spiking_trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "task/order.hpp"
#include "training/class_answer.hpp"
#include "training/divergence.hpp"
#include "training/sum_over_drivers.hpp"
#include "training/weights.hpp"

namespace deltaw {
namespace {

// So many samples in a row without a single spike are no chance.
constexpr std::size_t k_silent = 100;

template <class T>
std::size_t read_layer_of(const SpikingSpec& spec, const SpikingNetwork<T>& network) {
  const auto& layers = network.layers();
  if (spec.presentation.layer.empty()) return layers.size() - 1;
  const auto found = std::ranges::find(layers, spec.presentation.layer,
                                       [](const auto& layer) { return layer.name; });
  if (found == layers.end()) {
    throw Error(Code::E510,
                fmt::format("the presentation reads no layer '{}'", spec.presentation.layer));
  }
  if (found->is_source) {
    throw Error(Code::E503,
                fmt::format("the presentation reads layer '{}', a source", spec.presentation.layer),
                {.expected = "a layer whose units answer"});
  }
  return static_cast<std::size_t>(found - layers.begin());
}

void check_sources(const SpikingSpec& spec) {
  for (const SpikingLayerSpec& layer : spec.layers) {
    if (!layer.is_source || layer.source.type != "protocol") continue;
    throw Error(
        Code::E503,
        fmt::format("layer '{}' spikes when a protocol says, and the task has none", layer.name),
        {.expected = "a source that the samples of the task are shown to",
         .hint = "\"poisson\", or a \"protocol\" in the task"});
  }
}

// Samples that are hardly answered are shown at higher rates: those must be possible, too.
void check_presentation(const SpikingSpec& spec, const SourceSpec& source) {
  const PresentationSpec& how = spec.presentation;
  if (how.show < spec.dt) {
    throw Error(Code::E515, "a presentation is shorter than a step",
                {.expected = fmt::format("\"show\" of at least {} ms", spec.dt),
                 .found = fmt::format("{} ms", how.show)});
  }
  if (how.least_spikes == 0) return;
  if (source.type != "poisson" && source.type != "regular") {
    throw Error(
        Code::E503,
        fmt::format("samples cannot be shown again at higher rates by a source of type '{}'",
                    source.type),
        {.hint = "leave \"least_spikes\" out"});
  }
  const double most = source.rate * (1 + how.raise * static_cast<double>(how.most_repeats));
  if (most * spec.dt <= 1000) return;
  throw Error(
      Code::E515, "repeated samples would have more than a spike a step",
      {.expected = fmt::format("\"rate\" x (1 + \"raise\" x \"most_repeats\") of at most {:g} Hz",
                               1000 / spec.dt),
       .found = fmt::format("{:g} Hz", most),
       .hint = "fewer \"most_repeats\", or a smaller \"dt\""});
}

template <class T>
void check_fit(const SpikingNetwork<T>& network, const Split<T>& data) {
  const auto& input = network.layers()[network.input()];
  if (input.units != data.train.inputs.n_rows) {
    throw Error(
        Code::E205, fmt::format("layer '{}' does not fit the data", input.name),
        {.expected = fmt::format("{} units, as the data have features", data.train.inputs.n_rows),
         .found = fmt::format("{}", input.units)});
  }
  for (const Partition<T>* part : {&data.train, &data.validation, &data.test}) {
    if (part->size() == 0 || (part->inputs.min() >= 0 && part->inputs.max() <= 1)) continue;
    throw Error(Code::E403, "spikes cannot tell such values",
                {.expected = "0 to 1",
                 .found = fmt::format("{} to {}", part->inputs.min(), part->inputs.max()),
                 .hint = "\"scale\": \"unit\" in the task, or data in that range"});
  }
}

void check_assignment(const SpikingGraph::Layer& layer, std::size_t classes) {
  if (layer.units % classes == 0) return;
  throw Error(
      Code::E503,
      fmt::format("the units of layer '{}' cannot be shared out among {} classes", layer.name,
                  classes),
      {.expected = "as many units for each class", .found = fmt::format("{} units", layer.units)});
}

std::size_t steps_of(double ms, double dt) {
  return static_cast<std::size_t>(std::lround(ms / dt));
}

}  // namespace

template <class T>
SpikingTrainer<T>::SpikingTrainer(const SpikingSpec& network, const TrainingSpec& training,
                                  const std::vector<DriveSpec>& drives, const Split<T>& data,
                                  std::uint64_t seed)
    : spec_(network),
      training_(training),
      data_(data),
      seed_(seed),
      network_(network, seed),
      sources_(network),
      drives_(drives),
      read_(read_layer_of(spec_, network_)),
      counts_(network_.layers()[read_].units, arma::fill::zeros),
      order_(data.train.size()) {
  check_sources(spec_);
  check_fit(network_, data);
  check_presentation(spec_, spec_.layers[network_.input()].source);
  const bool are_rewards = training.reward.type != "none";
  if (are_rewards) {
    check_assignment(network_.layers()[read_], data.train.targets.n_rows);
    reward_.emplace(training.reward, data.train.targets.n_rows, spec_.dt);
    if (training.reward.is_shuffled) judged_.resize(data.train.size());
  }
  for (const DriveSpec& drive : drives) {
    for (const std::string& connection : drive.connections) {
      drivers_.push_back(std::make_unique<SpikingDriver<T>>(drive, connection, network_, seed,
                                                            Role::drives, are_rewards));
    }
  }
  std::vector<std::size_t> learnt;
  for (const auto& driver : drivers_) {
    // Rules that take turns at a connection are one by one.
    if (std::ranges::count(learnt, driver->connection()) == 0)
      learnt.push_back(driver->connection());
  }
  work_.emplace(network_, learnt);
  if (!are_rewards || std::ranges::any_of(drivers_, &SpikingDriver<T>::is_rewarded)) return;
  throw Error(Code::E503, "a reward is given, and no rule asks for one",
              {.hint = "a rule of supervision \"reward\", or no \"reward\" under \"training\""});
}

template <class T>
void SpikingTrainer<T>::watch(AlignmentPlan plan) {
  const std::size_t every = plan.every > 0 ? plan.every : training_.evaluate_every;
  const SnapshotTimes times{every, plan.length, training_.epochs * order_.size()};
  alignment_.emplace(std::move(plan), times, drives_, network_, seed_, has_rewards());
}

template <class T>
std::vector<AlignmentRow> SpikingTrainer<T>::take_alignment() {
  return alignment_ ? alignment_->take() : std::vector<AlignmentRow>();
}

template <class T>
void SpikingTrainer<T>::share(Team& team) {
  team_ = &team;
  network_.share(team_);
}

template <class T>
double SpikingTrainer<T>::cpu_seconds() const {
  return thread_seconds() + (team_ == nullptr ? 0 : team_->seconds());
}

template <class T>
bool SpikingTrainer<T>::train_epoch(const std::stop_token& stop, const OnAnswer<T>& on_answer) {
  epoch_order(seed_, epoch_, order_);
  const bool is_shuffled = training_.reward.is_shuffled;
  if (is_shuffled) epoch_order(seed_, epoch_, judged_, "reward/shuffled");
  while (shown_ < order_.size()) {
    if (stop.stop_requested()) return false;
    const double begun = cpu_seconds();
    const std::size_t sample = order_[shown_];
    const double now = static_cast<double>(epoch_) +
                       static_cast<double>(shown_) / static_cast<double>(order_.size());
    for (const auto& driver : drivers_) {
      driver->set_epoch(now, static_cast<double>(training_.epochs));
    }
    const std::uint64_t count = epoch_ * order_.size() + shown_;
    is_watched_ = alignment_ && alignment_->is_watched(count);
    watching_ = 0;
    Answer<T> answer = show(network_, data_.train.inputs.colptr(sample), "poisson", presentations_,
                            data_.train.labels[is_shuffled ? judged_[shown_] : sample]);
    answer.sample = sample;
    presentations_ += answer.presentations;
    if (reward_) work_->add({.rewards = 1});
    check_answer(answer);
    ++shown_;
    seconds_ += cpu_seconds() - begun - watching_;
    if (is_watched_) {
      alignment_->end_sample(count,
                             static_cast<double>(count + 1) / static_cast<double>(order_.size()));
    }
    if (on_answer) on_answer(answer);
  }
  check_weights();
  ++epoch_;
  shown_ = 0;
  return true;
}

template <class T>
Answer<T> SpikingTrainer<T>::show(SpikingNetwork<T>& network, const T* values,
                                  std::string_view purpose, std::uint64_t number,
                                  std::optional<std::uint32_t> label) {
  const PresentationSpec& how = spec_.presentation;
  for (std::size_t repeat = 0;; ++repeat) {
    const double gain = 1 + how.raise * static_cast<double>(repeat);
    present(network, values, gain, purpose, number + repeat, label.has_value());
    Answer<T> answer{0, static_cast<std::size_t>(arma::accu(counts_)), repeat + 1, counts_};
    const bool is_last = answer.spikes >= how.least_spikes || repeat == how.most_repeats;
    if (label) settle(is_last ? reward_for(*label) : std::nullopt);
    if (is_last) return answer;
  }
}

template <class T>
std::optional<T> SpikingTrainer<T>::reward_for(std::uint32_t label) {
  if (!reward_) return std::nullopt;
  const bool is_right = class_answer(counts_, data_.train.targets.n_rows) == label;
  const auto reward = static_cast<T>(training_.reward.offset - (is_right ? 0 : 1));
  if (training_.reward.baseline != "mean") return reward;
  T expected = 0;
  reward_->expect(label, 1, &expected);
  reward_->learn(label, &reward, 1);
  return reward - expected;
}

template <class T>
std::size_t SpikingTrainer<T>::encode(const T* values, double gain, std::string_view purpose,
                                      std::uint64_t number) {
  const std::size_t units = network_.layers()[network_.input()].units;
  sources_.encode({values, units}, gain, spec_.presentation.show, seed_, purpose, number);
  return sources_.steps();
}

template <class T>
void SpikingTrainer<T>::present(SpikingNetwork<T>& network, const T* values, double gain,
                                std::string_view purpose, std::uint64_t number, bool is_learning) {
  if (is_learning) network.normalise();
  const std::size_t shown = encode(values, gain, purpose, number);
  const std::size_t steps = shown + steps_of(spec_.presentation.rest, spec_.dt);
  counts_.zeros();
  for (std::size_t t = 0; t < steps; ++t) {
    sources_.step(network, t);
    if (is_learning) {
      learn();
      work_->add_step(network);
    }
    if (t >= shown) continue;
    for (const std::uint32_t unit : network.spikes(read_)) ++counts_[unit];
  }
}

template <class T>
void SpikingTrainer<T>::learn() {
  if (is_watched_) {
    const double before = thread_seconds();
    alignment_->learn();
    watching_ += thread_seconds() - before;
  }
  for (const auto& driver : drivers_) driver->learn();
}

template <class T>
void SpikingTrainer<T>::settle(std::optional<T> reward) {
  if (is_watched_) {
    const double before = thread_seconds();
    alignment_->settle(reward);
    watching_ += thread_seconds() - before;
  }
  for (const auto& driver : drivers_) driver->settle(reward);
}

template <class T>
std::optional<arma::Mat<T>> SpikingTrainer<T>::count(const Partition<T>& part,
                                                     std::string_view purpose,
                                                     const std::stop_token& stop,
                                                     const OnCounted& on_counted) {
  SpikingNetwork<T> network = network_;
  network.hold_thresholds(true);
  network.normalise();
  arma::Mat<T> activity(counts_.n_elem, part.size());
  const std::uint64_t draws = spec_.presentation.most_repeats + 1;
  for (std::size_t k = 0; k < part.size(); ++k) {
    if (stop.stop_requested()) return std::nullopt;
    show(network, part.inputs.colptr(k), purpose, k * draws, {});
    activity.col(k) = counts_;
    if (on_counted) on_counted(k + 1, part.size());
  }
  return activity;
}

template <class T>
SpikeRecording SpikingTrainer<T>::record(const Partition<T>& part, std::size_t sample) {
  SpikingNetwork<T> network = network_;
  network.hold_thresholds(true);
  network.normalise();
  const std::size_t shown = encode(part.inputs.colptr(sample), 1, "poisson/recording", sample);
  SpikeRecording recording =
      record_steps(network, sources_, shown + steps_of(spec_.presentation.rest, spec_.dt));
  recording.label = part.labels[sample];
  return recording;
}

template <class T>
void SpikingTrainer<T>::check_answer(const Answer<T>& answer) {
  const auto& layer = network_.layers()[read_];
  unanswered_ = answer.spikes == 0 ? unanswered_ + 1 : 0;
  if (unanswered_ < k_silent) return;
  throw Error(Code::E307,
              fmt::format("layer '{}' has not spiked for {} samples, each shown {} times",
                          layer.name, k_silent, answer.presentations),
              {.found = "0 Hz",
               .hint = "larger initial weights or \"sum\", a higher \"rate\" of the input, a lower "
                       "\"threshold\", or more \"most_repeats\""});
}

template <class T>
void SpikingTrainer<T>::check_weights() const {
  for (std::size_t c = 0; c < network_.connections().size(); ++c) {
    const auto& connection = network_.connections()[c];
    if (!connection.is_plastic || network_.weights(c).is_finite()) continue;
    throw Error(Code::E304,
                fmt::format("weights of connection '{}' are no longer finite", connection.name),
                {.hint = k_diverged_hint});
  }
}

template <class T>
std::uint64_t SpikingTrainer<T>::updates() const {
  std::uint64_t updates = 0;
  for (const auto& driver : drivers_) updates += driver->updates();
  return updates;
}

template <class T>
std::size_t SpikingTrainer<T>::state_bytes() const {
  return state_bytes_of(drivers_);
}

template <class T>
std::vector<Monitored> SpikingTrainer<T>::monitored() const {
  std::vector<Monitored> all;
  for (const auto& driver : drivers_) {
    for (Monitored& entry : driver->monitored()) all.push_back(std::move(entry));
  }
  return all;
}

template <class T>
void SpikingTrainer<T>::save(StateWriter& writer) const {
  writer.integer("epoch", epoch_);
  writer.integer("shown", shown_);
  writer.integer("presentations", presentations_);
  writer.integer("unanswered", unanswered_);
  writer.real("seconds", seconds_);
  work_->save(writer);
  network_.save(writer);
  if (reward_) reward_->save(writer);
  for (const auto& driver : drivers_) driver->save(writer);
  if (alignment_) alignment_->save(writer);
}

template <class T>
void SpikingTrainer<T>::load(StateReader& reader) {
  epoch_ = reader.integer("epoch");
  shown_ = reader.integer("shown");
  presentations_ = reader.integer("presentations");
  unanswered_ = reader.integer("unanswered");
  seconds_ = reader.real("seconds");
  work_->load(reader);
  network_.load(reader);
  if (reward_) reward_->load(reader);
  for (const auto& driver : drivers_) driver->load(reader);
  if (alignment_) alignment_->load(reader);
}

template class SpikingTrainer<float>;
template class SpikingTrainer<double>;

}  // namespace deltaw
