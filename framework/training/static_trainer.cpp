// SPDX-License-Identifier: Apache-2.0
// The loop.
#include "training/static_trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "network/initialise.hpp"
#include "task/order.hpp"
#include "training/divergence.hpp"
#include "training/fit.hpp"
#include "training/sum_over_drivers.hpp"
#include "training/weights.hpp"

namespace deltaw {
namespace {

// Samples are no steps; and input and output must be as wide as the data, but what nobody compares
// with a target.
template <class T>
void check_fit(const Graph& graph, const LossSpec& loss, const Partition<T>& data) {
  if (graph.has_time()) {
    throw Error(Code::E204, "a data set needs a static network",
                {.expected = "layers without dynamics",
                 .found = "a network with time",
                 .hint = "\"trials\" in the task, or leave the dynamics out"});
  }
  require_units(graph.layers[graph.input], data.inputs.n_rows, "feature", "the data");
  if (loss.is_none()) return;
  require_units(graph.layers[graph.output], data.targets.n_rows, "class", "the data");
}

// A batch beyond the data would only take memory.
template <class T>
TrainingSpec fitted(TrainingSpec spec, const Partition<T>& data) {
  spec.batch = std::min(spec.batch, data.size());
  return spec;
}

}  // namespace

template <class T>
StaticTrainer<T>::StaticTrainer(const NetworkSpec& network, const TrainingSpec& training,
                                std::vector<DriveSpec> drives, const Partition<T>& data,
                                std::uint64_t seed)
    : spec_(fitted(training, data)),
      data_(&data),
      seed_(seed),
      network_(make_graph(network)),
      presentation_(network_, spec_, spec_.batch, seed),
      evaluator_(network_, presentation_.loss) {
  const Graph& graph = network_.graph();
  learn(data, {{{0, data.size()}, {0, graph.layers[graph.output].units}}});
  initialise(network_, seed, data.inputs);
  for (DriveSpec& drive : drives) {
    drivers_.push_back(
        std::make_unique<Driver<T>>(std::move(drive), network_, presentation_, seed));
  }
  active_.reserve(drivers_.size());
  wanted_.resize(network_.graph().layers.size());
  last_.resize(wanted_.size());
  rest_.resize(wanted_.size());
  all_synapses_ = network_.synapses_into(std::vector<bool>(wanted_.size(), true));
}

template <class T>
void StaticTrainer<T>::watch(AlignmentPlan plan) {
  std::vector<Driver<T>*> all;
  for (const auto& driver : drivers_) all.push_back(driver.get());
  const std::size_t batches = batches_.size();
  const std::size_t every = plan.every > 0 ? plan.every : spec_.evaluate_every * batches;
  const SnapshotTimes times{every, plan.length, spec_.epochs * batches};
  alignment_.emplace(
      std::move(plan), times,
      typename Alignment<T>::Run{network_, presentation_, all, spec_, nullptr, seed_});
}

template <class T>
std::vector<AlignmentRow> StaticTrainer<T>::take_alignment() {
  return alignment_ ? alignment_->take() : std::vector<AlignmentRow>();
}

template <class T>
void StaticTrainer<T>::learn(const Partition<T>& data, std::vector<Group> groups) {
  check_fit(network_.graph(), spec_.loss, data);
  data_ = &data;
  groups_ = std::move(groups);
  order_.resize(data.size());
  batches_.clear();
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const Window& samples = groups_[g].samples;
    for (std::size_t first = samples.first; first < samples.last; first += spec_.batch) {
      batches_.push_back({{first, std::min(first + spec_.batch, samples.last)}, g});
    }
  }
  batch_order_.resize(batches_.size());
}

template <class T>
void StaticTrainer<T>::reset_optimizers() {
  for (const auto& driver : drivers_) driver->reset_optimizers();
}

template <class T>
void StaticTrainer<T>::draw_order() {
  for (const auto& [samples, outputs] : groups_) {
    const auto own = std::span(order_).subspan(samples.first, samples.size());
    epoch_order(seed_, epoch_, own);
    for (std::size_t& sample : own) sample += samples.first;
  }
  if (groups_.size() > 1) return epoch_order(seed_, epoch_, batch_order_, "batches");
  std::iota(batch_order_.begin(), batch_order_.end(), std::size_t{0});
}

template <class T>
void StaticTrainer<T>::begin_epoch() {
  draw_order();
  active_.clear();
  is_explored_ = is_taught_ = is_rewarded_ = false;
  std::fill(wanted_.begin(), wanted_.end(), false);
  for (const auto& driver : drivers_) {
    if (!driver->is_active(epoch_)) continue;
    active_.push_back(driver.get());
    is_explored_ = is_explored_ || driver->needs_exploration();
    is_taught_ = is_taught_ || is_taught(driver->rule());
    is_rewarded_ = is_rewarded_ || is_rewarded(driver->rule());
    driver->add_shown(wanted_);
  }
  const Graph& graph = network_.graph();
  graph.add_sources(wanted_);
  last_ = rest_ = wanted_;
  rest_.flip();
  for (const Graph::Connection& c : graph.connections) {
    if (wanted_[c.target]) last_[c.source] = false;
  }
  shown_synapses_ = network_.synapses_into(wanted_);
}

template <class T>
bool StaticTrainer<T>::train_epoch(const std::stop_token& stop,
                                   const std::function<void()>& on_batch, std::uint64_t most) {
  begun_ = thread_seconds();
  begin_epoch();
  const std::size_t batches = std::min<std::uint64_t>(batches_.size(), most);
  while (batch_ < batches && !stop.stop_requested()) {
    const auto& [places, group] = batches_[batch_order_[batch_]];
    network_.answer_with(groups_[group].outputs);
    train_batch(std::span(order_).subspan(places.first, places.size()));
    ++batch_;
    if (on_batch) on_batch();
  }
  const bool is_done = batch_ == batches;
  if (is_done) {
    check_weights();
    ++epoch_;
    batch_ = 0;
  }
  seconds_ = seconds();
  begun_.reset();
  return is_done;
}

template <class T>
double StaticTrainer<T>::seconds() const {
  return seconds_ + (begun_ ? thread_seconds() - *begun_ : 0);
}

template <class T>
void StaticTrainer<T>::train_batch(std::span<const std::size_t> samples) {
  Presentation<T>& p = presentation_;
  p.set_columns(samples.size());
  arma::Mat<T> inputs = p.inputs();
  gather(data_->inputs, samples.data(), samples.size(), inputs);
  if (p.loss.exists()) {
    arma::Mat<T> target = p.target.first(samples.size());
    gather(data_->targets, samples.data(), samples.size(), target);
  }
  p.draw_dropout(updates_);
  p.run(wanted_);
  check_activity();
  for (Driver<T>* driver : active_) {
    driver->clear();
    if (!driver->needs_exploration()) driver->propose(updates_);
  }
  const std::size_t draws = is_explored_ ? spec_.exploration.draws : 0;
  if (is_explored_) explore(draws);
  count(draws);
  const auto time = [&](std::size_t batches_done) {
    return static_cast<double>(epoch_) +
           static_cast<double>(batches_done) / static_cast<double>(batches_.size());
  };
  if (alignment_ && alignment_->is_watched(updates_)) {
    const double before = thread_seconds();
    p.run(rest_);
    alignment_->watch(updates_, active_, std::max<std::size_t>(draws, 1), time(batch_ + 1));
    *begun_ += thread_seconds() - before;
  }
  for (Driver<T>* driver : active_) {
    driver->apply(driver->needs_exploration() ? draws : 1, time(batch_),
                  static_cast<double>(spec_.epochs));
  }
  ++updates_;
}

template <class T>
void StaticTrainer<T>::count(std::size_t draws) {
  const std::uint64_t columns = presentation_.columns();
  work_.multiply_adds += columns * (shown_synapses_ + draws * all_synapses_);
  if (is_taught_) work_.labels += columns;
  if (is_rewarded_) work_.rewards += columns * (draws + 1);
}

template <class T>
Work StaticTrainer<T>::work() const {
  Work work = work_of(drivers_);
  work += work_;
  return work;
}

template <class T>
std::size_t StaticTrainer<T>::state_bytes() const {
  return state_bytes_of(drivers_);
}

template <class T>
void StaticTrainer<T>::explore(std::size_t draws) {
  Presentation<T>& p = presentation_;
  p.price(p.clean, p.baseline);
  const Window whole{0, p.columns()};
  for (std::size_t draw = 0; draw < draws; ++draw) {
    p.explore(updates_ * draws + draw, {&whole, 1}, [](const Window&) {});
    p.price(p.perturbed, p.reward);
    for (Driver<T>* driver : active_) {
      if (driver->needs_exploration()) driver->propose(updates_);
    }
  }
}

// A weight that is not finite shows in the last layers of the next batch, where it is used at all.
template <class T>
void StaticTrainer<T>::check_activity() const {
  const Activity<T>& activity = presentation_.clean;
  bool is_finite = true;
  for (std::size_t layer = 0; layer < last_.size(); ++layer) {
    if (last_[layer]) is_finite = is_finite && std::isfinite(arma::accu(activity.post(layer)));
  }
  if (is_finite) return;
  check_weights();
  std::size_t layer = 0;
  while (layer < wanted_.size() && (!wanted_[layer] || activity.post(layer).is_finite())) ++layer;
  if (layer == wanted_.size()) return;  // only their sum is too large
  throw Error(Code::E304,
              fmt::format("the activity of layer '{}' is no longer finite after update {} (epoch "
                          "{}), though all weights are",
                          network_.graph().layers[layer].name, updates_, epoch_ + 1),
              {.hint = k_diverged_hint});
}

template <class T>
void StaticTrainer<T>::check_weights() const {
  if (has_finite_weights(network_)) return;
  refuse_weights(network_, drivers_, fmt::format("update {} (epoch {})", updates_, epoch_ + 1));
}

template <class T>
std::vector<Monitored> StaticTrainer<T>::monitored() const {
  std::vector<Monitored> all;
  for (const auto& driver : drivers_) {
    for (Monitored& shown : driver->monitored()) all.push_back(std::move(shown));
  }
  return all;
}

template <class T>
void StaticTrainer<T>::save(StateWriter& writer) const {
  writer.integer("epoch", epoch_);
  writer.integer("batch", batch_);
  writer.integer("updates", updates_);
  writer.real("seconds", seconds());
  work().save(writer);
  save_weights(network_, writer);
  for (const auto& driver : drivers_) driver->save(writer);
  if (alignment_) alignment_->save(writer);
}

template <class T>
void StaticTrainer<T>::load(StateReader& reader) {
  epoch_ = reader.integer("epoch");
  batch_ = reader.at_most(batches_.size(), "batch");
  updates_ = reader.integer("updates");
  seconds_ = reader.real("seconds");
  work_.load(reader);
  load_weights(network_, reader);
  for (auto& driver : drivers_) driver->load(reader);
  if (alignment_) alignment_->load(reader);
}

template class StaticTrainer<float>;
template class StaticTrainer<double>;

}  // namespace deltaw
