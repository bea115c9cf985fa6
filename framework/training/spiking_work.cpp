// SPDX-License-Identifier: Apache-2.0
// Spikes times synapses.
#include "training/spiking_work.hpp"

#include <utility>

namespace deltaw {

template <class T>
SpikingWork<T>::SpikingWork(const SpikingNetwork<T>& network, std::vector<std::size_t> learnt)
    : learnt_(std::move(learnt)) {
  for (std::size_t c = 0; c < network.connections().size(); ++c) {
    const std::size_t sources = network.layers()[network.connections()[c].source].units;
    fan_out_.push_back(network.synapses(c) / sources);
  }
  for (const auto& layer : network.layers()) {
    if (!layer.is_source) variables_ += 3 * layer.units;
  }
}

template <class T>
void SpikingWork<T>::add_step(const SpikingNetwork<T>& network) {
  work_.multiply_adds += variables_;
  for (std::size_t c = 0; c < fan_out_.size(); ++c) {
    work_.additions += network.arrivals(c).size() * fan_out_[c];
  }
  for (std::size_t layer = 0; layer < network.layers().size(); ++layer) {
    if (!network.layers()[layer].is_source) work_.spikes += network.spikes(layer).size();
  }
  for (const std::size_t c : learnt_) {
    const auto& connection = network.connections()[c];
    const std::uint64_t shown =
        network.arrivals(c).size() * network.layers()[connection.target].units +
        network.spikes(connection.target).size() * network.layers()[connection.source].units;
    work_.synaptic_updates += shown;
    work_.multiply_adds += shown;
  }
}

template class SpikingWork<float>;
template class SpikingWork<double>;

}  // namespace deltaw
