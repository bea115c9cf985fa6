// SPDX-License-Identifier: Apache-2.0
// The clean and the perturbed pass.
#include "training/presentation.hpp"

namespace deltaw {

template <class T>
Presentation<T>::Presentation(Network<T>& network, const TrainingSpec& spec,
                              std::size_t max_columns, std::uint64_t seed, std::string_view purpose)
    : clean(network.graph(), max_columns),
      perturbed(network.graph(), max_columns),
      target(spec.loss.is_none() ? 0 : network.graph().layers[network.graph().output].units,
             max_columns),
      reward(1, max_columns),
      baseline(1, max_columns),
      exploration(network, spec.exploration, max_columns, seed, purpose),
      loss(spec.loss, network.activation(network.graph().output)),
      network_(network),
      seed_(seed),
      label_inputs_(spec.has_label_inputs ? target.rows() : 0) {}

template <class T>
Presentation<T>::Presentation(Network<T>& network, const Presentation& other)
    : clean(network.graph(), other.clean.max_columns()),
      perturbed(network.graph(), 0),
      target(other.target.rows(), other.clean.max_columns()),
      reward(1, other.clean.max_columns()),
      baseline(1, other.clean.max_columns()),
      exploration(network, {}, 0, other.seed_),
      loss(other.loss),
      network_(network),
      seed_(other.seed_),
      label_inputs_(other.label_inputs_) {}

template <class T>
void Presentation<T>::set_columns(std::size_t k) {
  clean.set_columns(k);
  perturbed.set_columns(k);
  counted = {0, k};
  rewards = k;
}

template <class T>
void Presentation<T>::draw_dropout(std::uint64_t number) {
  if (!clean.has_dropout()) return;
  clean.draw_dropout(seed_, number);
  dropped_ = number;
}

template <class T>
void Presentation<T>::run() {
  network_.forward(clean);
}

template <class T>
void Presentation<T>::run(const std::vector<bool>& wanted) {
  network_.forward(clean, wanted);
}

template <class T>
void Presentation<T>::copy_start(const Activity<T>& from, Activity<T>& to) const {
  const Graph& graph = network_.graph();
  arma::Mat<T> inputs = to.post(graph.input);
  inputs = from.post(graph.input);
  for (std::size_t layer = 0; layer < graph.layers.size(); ++layer) {
    if (!graph.layers[layer].has_time()) continue;
    arma::Mat<T> start = to.start(layer);
    start = from.start(layer);
  }
}

template <class T>
void Presentation<T>::copy_shown(const Presentation& other) {
  set_columns(other.columns());
  copy_start(other.clean, clean);
  if (loss.exists()) {
    arma::Mat<T> shown = target.first(columns());
    shown = other.target.first(columns());
  }
  dropped_ = other.dropped_;
  counted = other.counted;
  kind = other.kind;
  rewards = other.rewards;
}

template <class T>
void Presentation<T>::disturb(const Noise<T>& noise) {
  copy_start();
  network_.forward(perturbed, &noise);
}

template <class T>
void Presentation<T>::begin_exploring(std::uint64_t draw) {
  copy_start();
  if (dropped_) perturbed.draw_dropout(seed_, *dropped_);
  exploration.draw(draw, columns());
  exploration.shift_weights();
}

template <class T>
void Presentation<T>::price(const Activity<T>& activity, Buffer<T>& out) const {
  arma::Mat<T> values = out.first(columns());
  loss.values(activity.post(network_.graph().output), target.first(columns()), values);
  values *= -1;
}

template class Presentation<float>;
template class Presentation<double>;

}  // namespace deltaw
