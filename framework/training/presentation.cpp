// SPDX-License-Identifier: Apache-2.0
// The clean and the perturbed pass.
#include "training/presentation.hpp"

#include <algorithm>

#include "core/random.hpp"

namespace deltaw {

template <class T>
Presentation<T>::Presentation(const Network<T>& network, const TrainingSpec& spec,
                              std::uint64_t seed)
    : clean(network.graph(), spec.batch),
      perturbed(network.graph(), spec.batch),
      target(network.graph().layers[network.graph().output].units, spec.batch),
      reward(1, spec.batch),
      baseline(1, spec.batch),
      noise(network.graph().layers.size()),
      loss(spec.loss, network.activation(network.graph().output)),
      network_(network),
      exploration_(spec.exploration),
      seed_(seed) {
  for (const Graph::Layer& layer : network.graph().layers) {
    purposes_.push_back("noise/" + layer.name);
  }
}

template <class T>
void Presentation<T>::perturb(std::size_t layer) {
  if (noise[layer].size() > 0) return;
  noise[layer] = Buffer<T>(network_.graph().layers[layer].units, clean.max_columns());
  perturbed_layers_.push_back(layer);
  std::sort(perturbed_layers_.begin(), perturbed_layers_.end());
}

template <class T>
void Presentation<T>::set_columns(std::size_t k) {
  clean.set_columns(k);
  perturbed.set_columns(k);
}

template <class T>
void Presentation<T>::run() {
  network_.forward(clean);
  if (!is_explored()) return;
  arma::Mat<T> values = baseline.first(columns());
  loss.values(clean.post(network_.graph().output), target.first(columns()), values);
  values *= -1;
}

template <class T>
void Presentation<T>::explore(std::uint64_t draw) {
  const Graph& graph = network_.graph();
  for (const std::size_t layer : perturbed_layers_) {
    Random random(seed_, purposes_[layer], draw);
    for (T& value : noise[layer].first(columns())) {
      value = static_cast<T>(exploration_.deviation * random.normal());
    }
  }
  arma::Mat<T> inputs = perturbed.post(graph.input);
  inputs = clean.post(graph.input);
  network_.forward(perturbed, &noise);
  arma::Mat<T> values = reward.first(columns());
  loss.values(perturbed.post(graph.output), target.first(columns()), values);
  values *= -1;
}

template class Presentation<float>;
template class Presentation<double>;

}  // namespace deltaw
