// SPDX-License-Identifier: Apache-2.0
// How arrivals move a potential, step by step.
#include <algorithm>
#include <cmath>
#include <vector>

#include "comparison/protocol.hpp"
#include "comparison/spike_recording_json.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// Whether v of the last layer jumps with each arrival, and nothing else goes in.
template <class T>
bool has_jumps(const SpikingSpec& spec, const SpikingNetwork<T>& network) {
  const LeakySpec& leaky = spec.layers.back().leaky;
  if (leaky.model != "current" || leaky.excitatory_tau != 0 || leaky.inhibitory_tau != 0) {
    return false;
  }
  const auto& all = network.connections();
  for (std::size_t c = 0; c < all.size(); ++c) {
    if (all[c].target + 1 != spec.layers.size()) continue;
    // Where synapses are told apart the network shows departures.
    const bool shows_arrivals = network.delays(c) == nullptr || all[c].longest_delay == 0;
    if (network.layers()[all[c].source].is_current || !shows_arrivals) return false;
  }
  return true;
}

// The layer whose spikes go into the last one.
template <class T>
std::size_t source_of_last(const SpikingNetwork<T>& network) {
  const std::size_t last = network.layers().size() - 1;
  const auto found = std::ranges::find(network.connections(), last,
                                       [](const auto& connection) { return connection.target; });
  return found == network.connections().end() ? network.input() : found->source;
}

// Watches unit 0 of the last layer: what arrives, and how far v is from where it would have been.
template <class T>
class Jumps {
 public:
  Jumps(const SpikingSpec& spec, const SpikingNetwork<T>& network)
      : layer_(spec.layers.size() - 1),
        resting_(spec.layers.back().leaky.rest + spec.layers.back().leaky.current),
        keep_(std::exp(-spec.dt / spec.layers.back().leaky.tau)),
        refractory_(std::lround(spec.layers.back().leaky.refractory / spec.dt)),
        before_(v_of(network)) {
    for (std::size_t c = 0; c < network.connections().size(); ++c) {
      if (network.connections()[c].target == layer_) into_.push_back({c, network.weight_matrix(c)});
    }
  }

  // After a step.
  void watch(const SpikingNetwork<T>& network) {
    const double alone = resting_ + (before_ - resting_) * keep_;
    before_ = v_of(network);
    const auto spikes = network.spikes(layer_);
    const bool has_spiked = !spikes.empty() && spikes.front() == 0;
    if (has_spiked) free_in_ = std::max(1L, refractory_);
    if (free_in_-- > 0) return;
    const double weight = arrived(network);
    if (weight == 0) return;
    jump_ += before_ - alone;
    weight_ += weight;
    worst_ = std::max(worst_, std::abs(before_ - alone - weight));
    ++count_;
  }

  void add_to(std::map<std::string, std::optional<double>>& metrics) const {
    if (count_ == 0) return;
    metrics["jump"] = jump_ / count_;
    metrics["weight"] = weight_ / count_;
    metrics["jump_error"] = worst_ / std::abs(weight_ / count_);
  }

 private:
  struct Into {
    std::size_t connection;
    arma::Mat<T> weights;
  };
  [[nodiscard]] double v_of(const SpikingNetwork<T>& network) const {
    return static_cast<double>(network.potential(layer_)[0]);
  }
  [[nodiscard]] double arrived(const SpikingNetwork<T>& network) const {
    double sum = 0;
    for (const Into& into : into_) {
      const double sign = network.connections()[into.connection].is_excitatory ? 1 : -1;
      for (const std::uint32_t unit : network.arrivals(into.connection)) {
        sum += sign * static_cast<double>(into.weights(0, unit));
      }
    }
    return sum;
  }

  std::size_t layer_;
  double resting_, keep_;
  long refractory_, free_in_ = 0;
  double before_, jump_ = 0, weight_ = 0, worst_ = 0, count_ = 0;
  std::vector<Into> into_;
};

}  // namespace

template <class T>
std::optional<Measurement> measure_recording(const Application& application) {
  SpikingNetwork<T> network(application.network, application.seed);
  Sources<T> sources(application.network);
  const std::vector<T> values(network.layers()[network.input()].units, 1);
  sources.encode(values, 1, application.protocol.show, application.seed, "protocol", 0);
  std::vector<Jumps<T>> jumps;  // at most one
  if (has_jumps(application.network, network)) jumps.emplace_back(application.network, network);
  const SpikeRecording recording =
      record_steps<T>(network, sources, sources.steps(), [&](const SpikingNetwork<T>& now) {
        for (Jumps<T>& watch : jumps) watch.watch(now);
      });
  Measurement found;
  json layers = json::array();
  for (const SpikeRecording::Layer& layer : recording.layers) {
    layers.push_back({{"name", layer.name}, {"spikes", layer.spikes.size()}});
  }
  found.document = {{"recording", to_json(recording)}, {"layers", std::move(layers)}};
  const auto spikes_of = [&](std::size_t layer) {
    return static_cast<double>(recording.layers[layer].spikes.size());
  };
  found.metrics["spikes_in"] = spikes_of(source_of_last(network));
  found.metrics["spikes_out"] = spikes_of(recording.layers.size() - 1);
  for (const Jumps<T>& watch : jumps) watch.add_to(found.metrics);
  return found;
}

template std::optional<Measurement> measure_recording<float>(const Application&);
template std::optional<Measurement> measure_recording<double>(const Application&);

}  // namespace deltaw
