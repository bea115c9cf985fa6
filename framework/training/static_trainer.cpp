// SPDX-License-Identifier: Apache-2.0
// The loop.
#include "training/static_trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "network/initialise.hpp"
#include "task/order.hpp"
#include "training/fit.hpp"
#include "training/weights.hpp"

namespace deltaw {
namespace {

// Input and output must be as wide as the data, but what nobody compares with a target.
template <class T>
void check_fit(const Graph& graph, const LossSpec& loss, const Split<T>& data) {
  require_units(graph.layers[graph.input], data.train.inputs.n_rows, "feature", "the data");
  if (loss.is_none()) return;
  require_units(graph.layers[graph.output], data.train.targets.n_rows, "class", "the data");
}

// A batch beyond the data would only take memory.
template <class T>
TrainingSpec fitted(TrainingSpec spec, const Split<T>& data) {
  spec.batch = std::min(spec.batch, data.train.size());
  return spec;
}

}  // namespace

template <class T>
StaticTrainer<T>::StaticTrainer(const NetworkSpec& network, const TrainingSpec& training,
                                std::vector<DriveSpec> drives, const Split<T>& data,
                                std::uint64_t seed)
    : spec_(fitted(training, data)),
      data_(data),
      seed_(seed),
      network_(make_graph(network)),
      presentation_(network_, spec_, spec_.batch, seed),
      evaluator_(network_, presentation_.loss),
      order_(data.train.size()) {
  check_fit(network_.graph(), spec_.loss, data);
  initialise(network_, seed, data.train.inputs);
  for (DriveSpec& drive : drives) {
    drivers_.push_back(
        std::make_unique<Driver<T>>(std::move(drive), network_, presentation_, seed));
  }
  active_.reserve(drivers_.size());
  wanted_.resize(network_.graph().layers.size());
  last_.resize(wanted_.size());
}

template <class T>
void StaticTrainer<T>::begin_epoch() {
  active_.clear();
  is_explored_ = false;
  std::fill(wanted_.begin(), wanted_.end(), false);
  for (const auto& driver : drivers_) {
    if (!driver->is_active(epoch_)) continue;
    active_.push_back(driver.get());
    is_explored_ = is_explored_ || driver->needs_exploration();
    driver->add_shown(wanted_);
  }
  const Graph& graph = network_.graph();
  graph.add_sources(wanted_);
  last_ = wanted_;
  for (const Graph::Connection& c : graph.connections) {
    if (wanted_[c.target]) last_[c.source] = false;
  }
}

template <class T>
bool StaticTrainer<T>::train_epoch(const std::stop_token& stop,
                                   const std::function<void()>& on_batch) {
  begun_ = thread_seconds();
  epoch_order(seed_, epoch_, order_);
  begin_epoch();
  const std::size_t batches = batch_count(order_.size(), spec_.batch);
  while (batch_ < batches && !stop.stop_requested()) {
    const double progress = static_cast<double>(batch_) / static_cast<double>(batches);
    train_batch(batch_of(order_, spec_.batch, batch_), static_cast<double>(epoch_) + progress);
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
void StaticTrainer<T>::train_batch(std::span<const std::size_t> samples, double epoch) {
  Presentation<T>& p = presentation_;
  p.set_columns(samples.size());
  arma::Mat<T> inputs = p.inputs();
  gather(data_.train.inputs, samples.data(), samples.size(), inputs);
  if (p.loss.exists()) {
    arma::Mat<T> target = p.target.first(samples.size());
    gather(data_.train.targets, samples.data(), samples.size(), target);
  }
  p.run(wanted_);
  check_activity();
  for (Driver<T>* driver : active_) {
    driver->clear();
    if (!driver->needs_exploration()) driver->propose(updates_);
  }
  const std::size_t draws = is_explored_ ? spec_.exploration.draws : 0;
  if (is_explored_) p.price(p.clean, p.baseline);
  const Window whole{0, p.columns()};
  for (std::size_t draw = 0; draw < draws; ++draw) {
    p.explore(updates_ * draws + draw, {&whole, 1}, [](const Window&) {});
    p.price(p.perturbed, p.reward);
    for (Driver<T>* driver : active_) {
      if (driver->needs_exploration()) driver->propose(updates_);
    }
  }
  for (Driver<T>* driver : active_) {
    driver->apply(driver->needs_exploration() ? draws : 1, epoch,
                  static_cast<double>(spec_.epochs));
  }
  ++updates_;
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
  refuse_weights(network_, fmt::format("update {} (epoch {})", updates_, epoch_ + 1));
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
  save_weights(network_, writer);
  for (const auto& driver : drivers_) driver->save(writer);
}

template <class T>
void StaticTrainer<T>::load(StateReader& reader) {
  epoch_ = reader.integer("epoch");
  batch_ = reader.integer("batch");
  updates_ = reader.integer("updates");
  seconds_ = reader.real("seconds");
  load_weights(network_, reader);
  for (auto& driver : drivers_) driver->load(reader);
}

template class StaticTrainer<float>;
template class StaticTrainer<double>;

}  // namespace deltaw
