// SPDX-License-Identifier: Apache-2.0
// The synapses of every spike.
#include "training/spiking_work.hpp"

#include <algorithm>

namespace deltaw {
namespace {

constexpr arma::u8 k_no_synapse = DelayRing<float>::k_no_synapse;

template <class T>
std::vector<std::uint32_t> fan_in(const SpikingNetwork<T>& network, std::size_t connection) {
  const auto& ends = network.connections()[connection];
  const std::size_t outputs = network.layers()[ends.target].units;
  const std::size_t inputs = network.layers()[ends.source].units;
  std::vector<std::uint32_t> counts(outputs, static_cast<std::uint32_t>(inputs));
  const arma::Mat<arma::u8>* delays = network.delays(connection);
  for (std::size_t i = 0; delays != nullptr && i < delays->n_elem; ++i) {
    if ((*delays)[i] == k_no_synapse) --counts[i % outputs];
  }
  return counts;
}

std::uint64_t synapses_of(std::span<const std::uint32_t> spikes,
                          const std::vector<std::uint32_t>& each) {
  std::uint64_t count = 0;
  for (const std::uint32_t unit : spikes) count += each[unit];
  return count;
}

}  // namespace

template <class T>
SpikingWork<T>::SpikingWork(const SpikingNetwork<T>& network,
                            const std::vector<std::size_t>& learnt) {
  for (std::size_t c = 0; c < network.connections().size(); ++c) {
    fan_out_.push_back(network.fan_out(c));
  }
  for (const std::size_t c : learnt) learnt_.push_back({c, fan_in(network, c)});
  for (const auto& layer : network.layers()) {
    if (!layer.is_source) variables_ += 3 * layer.units;
  }
}

template <class T>
void SpikingWork<T>::add_step(const SpikingNetwork<T>& network) {
  work_.multiply_adds += variables_;
  for (std::size_t c = 0; c < fan_out_.size(); ++c) {
    work_.additions += synapses_of(network.arrivals(c), fan_out_[c]);
  }
  for (std::size_t layer = 0; layer < network.layers().size(); ++layer) {
    if (!network.layers()[layer].is_source) work_.spikes += network.spikes(layer).size();
  }
  for (const auto& [c, targets] : learnt_) {
    const std::size_t target = network.connections()[c].target;
    const std::uint64_t shown = synapses_of(network.arrivals(c), fan_out_[c]) +
                                synapses_of(network.spikes(target), targets);
    work_.synaptic_updates += shown;
    work_.multiply_adds += shown;
  }
}

template class SpikingWork<float>;
template class SpikingWork<double>;

}  // namespace deltaw
