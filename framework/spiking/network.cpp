// SPDX-License-Identifier: Apache-2.0
// The order of a step.
#include "spiking/network.hpp"

#include <algorithm>
#include <cassert>
#include <variant>

#include "spiking/normalise.hpp"

namespace deltaw {

template <class T>
SpikingNetwork<T>::SpikingNetwork(const SpikingSpec& spec, std::uint64_t seed)
    : graph_(resolve(spec)), dt_(spec.dt), seed_(seed) {
  for (const SpikingLayerSpec& layer : spec.layers) {
    place_.push_back(layer.is_source ? sources_.size() : leaky_.size());
    if (layer.is_source) {
      sources_.emplace_back().current.zeros(layer.units);
      continue;
    }
    leaky_.emplace_back(layer.leaky, layer.units, dt_);
    watches_.emplace_back(layer.leaky, layer.name, layer.units, leaky_.back().refractory_steps(),
                          dt_);
  }
  is_driven_.resize(leaky_.size());
  for (std::size_t c = 0; c < graph_.connections.size(); ++c) {
    const SpikingGraph::Connection& info = graph_.connections[c];
    const std::size_t outputs = graph_.layers[info.target].units,
                      inputs = graph_.layers[info.source].units;
    Wire wire{draw_synapses<T>(spec.connections[c], info.name, outputs, inputs, dt_, info.lower,
                               info.upper, seed),
              SpikeQueue(info.has_own_delays ? 0 : info.longest_delay),
              {}};
    if (info.has_own_delays) wire.ring.emplace_back(outputs, info.longest_delay);
    wires_.push_back(std::move(wire));
    if (!graph_.layers[info.source].is_current) is_driven_[place_[info.target]] = true;
  }
}

template <class T>
bool SpikingNetwork<T>::is_large() const {
  constexpr std::size_t large = 2048;
  return std::ranges::any_of(leaky_, [](const auto& layer) { return layer.units() >= large; });
}

template <class T>
void SpikingNetwork<T>::feed(std::size_t layer, std::span<const std::uint32_t> spikes) {
  assert(graph_.layers[layer].is_source);
  assert(std::all_of(spikes.begin(), spikes.end(),
                     [&](std::uint32_t unit) { return unit < graph_.layers[layer].units; }));
  sources_[place_[layer]].next.assign(spikes.begin(), spikes.end());
}

template <class T>
void SpikingNetwork<T>::inject(std::size_t layer, const arma::Col<T>& current) {
  assert(graph_.layers[layer].is_current && current.n_elem == graph_.layers[layer].units);
  sources_[place_[layer]].current = current;
  for (const SpikingGraph::Connection& info : graph_.connections) {
    if (info.source == layer) set_current(info.target);
  }
}

template <class T>
void SpikingNetwork<T>::set_current(std::size_t layer) {
  arma::Col<T> total(graph_.layers[layer].units, arma::fill::zeros);
  for (std::size_t c = 0; c < wires_.size(); ++c) {
    const SpikingGraph::Connection& info = graph_.connections[c];
    if (info.target != layer || !graph_.layers[info.source].is_current) continue;
    const arma::Col<T>& current = sources_[place_[info.source]].current;
    const auto* dense = std::get_if<DenseSynapses<T>>(&wires_[c].synapses);
    const arma::Col<T> arriving =
        dense != nullptr ? arma::Col<T>(dense->weights * current) : weight_matrix(c) * current;
    total += info.is_excitatory ? arriving : -arriving;
  }
  leaky_[place_[layer]].set_current({total.memptr(), total.n_elem});
}

template <class T>
void SpikingNetwork<T>::step(std::span<const std::uint32_t> input) {
  feed(graph_.input, input);
  for (Source& source : sources_) {
    source.now.swap(source.next);
    source.next.clear();
  }
  for (LeakyLayer<T>& layer : leaky_) layer.integrate(team_);
  for (std::size_t c = 0; c < wires_.size(); ++c) propagate(c);
  for (std::size_t k = 0; k < leaky_.size(); ++k) {
    leaky_[k].reset();
    if (is_driven_[k]) watches_[k].take(leaky_[k].spikes().size(), leaky_[k].is_unstable());
  }
  ++now_;
}

template <class T>
void SpikingNetwork<T>::propagate(std::size_t connection) {
  const SpikingGraph::Connection& info = graph_.connections[connection];
  Wire& wire = wires_[connection];
  LeakyLayer<T>& target = leaky_[place_[info.target]];
  T* input = info.is_excitatory ? target.excitatory() : target.inhibitory();
  const std::span<const std::uint32_t> departing = spikes(info.source);
  if (info.has_own_delays) {
    DelayRing<T>& ring = wire.ring.front();
    scatter_weights(wire.synapses, departing, ring);
    if (ring.is_due()) target.wake_all();
    ring.deliver(input);
    return;
  }
  wire.queue.pass(departing);
  const std::span<const std::uint32_t> arriving = wire.queue.arriving();
  if (arriving.empty()) return;
  if (std::holds_alternative<PairSynapses<T>>(wire.synapses)) {
    for (const std::uint32_t unit : arriving) target.wake(unit);
  } else {
    target.wake_all();
  }
  add_weights(wire.synapses, arriving, input, target.units(), team_);
}

template <class T>
std::span<const std::uint32_t> SpikingNetwork<T>::spikes(std::size_t layer) const {
  if (graph_.layers[layer].is_source) return sources_[place_[layer]].now;
  return leaky(layer).spikes();
}

template <class T>
std::span<const std::uint32_t> SpikingNetwork<T>::arrivals(std::size_t connection) const {
  const SpikingGraph::Connection& info = graph_.connections[connection];
  if (info.has_own_delays || delays(connection) != nullptr) return spikes(info.source);
  return wires_[connection].queue.arriving();
}

template <class T>
arma::Mat<T>& SpikingNetwork<T>::weights(std::size_t connection) {
  return std::get<DenseSynapses<T>>(wires_[connection].synapses).weights;
}

template <class T>
const arma::Mat<T>& SpikingNetwork<T>::weights(std::size_t connection) const {
  return std::get<DenseSynapses<T>>(wires_[connection].synapses).weights;
}

template <class T>
arma::Mat<T> SpikingNetwork<T>::weight_matrix(std::size_t connection) const {
  const SpikingGraph::Connection& info = graph_.connections[connection];
  return as_matrix(wires_[connection].synapses, graph_.layers[info.target].units,
                   graph_.layers[info.source].units);
}

template <class T>
std::vector<std::uint32_t> SpikingNetwork<T>::fan_out(std::size_t connection) const {
  const SpikingGraph::Connection& info = graph_.connections[connection];
  return deltaw::fan_out(wires_[connection].synapses, graph_.layers[info.target].units,
                         graph_.layers[info.source].units);
}

template <class T>
const arma::Mat<arma::u8>* SpikingNetwork<T>::delays(std::size_t connection) const {
  const auto* dense = std::get_if<DenseSynapses<T>>(&wires_[connection].synapses);
  return dense == nullptr || dense->delays.empty() ? nullptr : &dense->delays;
}

template <class T>
void SpikingNetwork<T>::normalise() {
  for (std::size_t c = 0; c < wires_.size(); ++c) {
    if (graph_.connections[c].sum > 0) scale_rows_to(weights(c), graph_.connections[c].sum, team_);
  }
}

template <class T>
void SpikingNetwork<T>::hold_thresholds(bool are_held) {
  for (LeakyLayer<T>& layer : leaky_) layer.hold_theta(are_held);
}

template <class T>
const LeakyLayer<T>& SpikingNetwork<T>::leaky(std::size_t layer) const {
  assert(!graph_.layers[layer].is_source);
  return leaky_[place_[layer]];
}

template <class T>
arma::Col<T> SpikingNetwork<T>::potential(std::size_t layer) const {
  return leaky(layer).potential();
}
template <class T>
arma::Col<T> SpikingNetwork<T>::theta(std::size_t layer) const {
  return leaky(layer).theta();
}
template <class T>
arma::Col<T> SpikingNetwork<T>::excitatory_input(std::size_t layer) const {
  return leaky(layer).excitatory_input();
}
template <class T>
arma::Col<T> SpikingNetwork<T>::inhibitory_input(std::size_t layer) const {
  return leaky(layer).inhibitory_input();
}

template <class T>
void SpikingNetwork<T>::save(StateWriter& writer) const {
  writer.integer("seed", seed_);
  writer.integer("now", now_);
  for (std::size_t k = 0; k < leaky_.size(); ++k) {
    leaky_[k].save(writer);
    watches_[k].save(writer);
  }
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
    if (!graph_.layers[i].is_current) continue;
    const arma::Col<T>& current = sources_[place_[i]].current;
    writer.matrix("current", current.memptr(), current.n_elem, 1);
  }
  for (std::size_t c = 0; c < wires_.size(); ++c) {
    const SpikingGraph::Connection& info = graph_.connections[c];
    writer.text("connection", info.name);
    if (info.is_plastic || info.sum > 0) {
      const arma::Mat<T>& W = weights(c);
      writer.matrix("weights", W.memptr(), W.n_rows, W.n_cols);
    }
    wires_[c].queue.save(writer);
    for (const DelayRing<T>& ring : wires_[c].ring) ring.save(writer);
  }
}

template <class T>
void SpikingNetwork<T>::load(StateReader& reader) {
  reader.expect("seed", seed_);
  now_ = reader.integer("now");
  for (std::size_t k = 0; k < leaky_.size(); ++k) {
    leaky_[k].load(reader);
    watches_[k].load(reader);
  }
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
    if (!graph_.layers[i].is_current) continue;
    arma::Col<T>& current = sources_[place_[i]].current;
    reader.matrix("current", current.memptr(), current.n_elem, 1);
  }
  for (std::size_t c = 0; c < wires_.size(); ++c) {
    const SpikingGraph::Connection& info = graph_.connections[c];
    reader.expect("connection", info.name);
    if (info.is_plastic || info.sum > 0) {
      arma::Mat<T>& W = weights(c);
      reader.matrix("weights", W.memptr(), W.n_rows, W.n_cols);
    }
    wires_[c].queue.load(reader);
    for (DelayRing<T>& ring : wires_[c].ring) ring.load(reader);
  }
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
    if (graph_.layers[i].is_current) inject(i, arma::Col<T>(sources_[place_[i]].current));
  }
}

template class SpikingNetwork<float>;
template class SpikingNetwork<double>;

}  // namespace deltaw
