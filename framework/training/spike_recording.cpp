// SPDX-License-Identifier: Apache-2.0
#include "training/spike_recording.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace deltaw {
namespace {

constexpr std::size_t k_observed = 3;

template <class T>
void observe_busiest(SpikeRecording::Layer& layer, const arma::Mat<T>& potentials) {
  std::vector<std::size_t> counts(layer.units);
  for (const auto& [step, unit] : layer.spikes) ++counts[unit];
  std::vector<std::uint32_t> units(layer.units);
  std::iota(units.begin(), units.end(), 0U);
  std::ranges::stable_sort(units, std::ranges::greater(),
                           [&](std::uint32_t unit) { return counts[unit]; });
  units.resize(std::min(units.size(), k_observed));
  for (const std::uint32_t unit : units) {
    layer.potentials.emplace_back();
    for (arma::uword t = 0; t < potentials.n_cols; ++t) {
      layer.potentials.back().push_back(static_cast<float>(potentials(unit, t)));
    }
  }
  layer.observed = std::move(units);
}

}  // namespace

template <class T>
SpikeRecording record_steps(SpikingNetwork<T>& network, const Sources<T>& sources,
                            std::size_t steps, const OnStep<T>& on_step) {
  SpikeRecording recording{.dt = network.dt(), .shown = sources.steps()};
  std::vector<arma::Mat<T>> potentials;  // units x steps of each layer
  for (const auto& layer : network.layers()) {
    recording.layers.push_back({.name = layer.name, .units = layer.units});
    potentials.emplace_back(layer.is_source ? 0 : layer.units, layer.is_source ? 0 : steps);
  }
  for (std::uint32_t t = 0; t < steps; ++t) {
    sources.step(network, t);
    if (on_step) on_step(network);
    for (std::size_t i = 0; i < recording.layers.size(); ++i) {
      for (const std::uint32_t unit : network.spikes(i)) {
        recording.layers[i].spikes.emplace_back(t, unit);
      }
      if (!network.layers()[i].is_source) potentials[i].col(t) = network.potential(i);
    }
  }
  for (std::size_t i = 0; i < recording.layers.size(); ++i) {
    if (!network.layers()[i].is_source) observe_busiest(recording.layers[i], potentials[i]);
  }
  return recording;
}

template SpikeRecording record_steps(SpikingNetwork<float>&, const Sources<float>&, std::size_t,
                                     const OnStep<float>&);
template SpikeRecording record_steps(SpikingNetwork<double>&, const Sources<double>&, std::size_t,
                                     const OnStep<double>&);

}  // namespace deltaw
