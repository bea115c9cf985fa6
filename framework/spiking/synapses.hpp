// SPDX-License-Identifier: Apache-2.0
// The weights of a connection between spiking layers, stored as its pattern allows, and how a spike
// adds them to the input of its targets. One thread a network.
#pragma once

#include <armadillo>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "core/team.hpp"
#include "spiking/delay_ring.hpp"
#include "spiking/spec.hpp"

namespace deltaw {

// Any pattern. `delays` (outputs x inputs, steps) is empty where all synapses are alike; 255 where
// there is no synapse, whose weight is 0.
template <class T>
struct DenseSynapses {
  arma::Mat<T> weights;  // outputs x inputs
  arma::Mat<arma::u8> delays;
};

// The synapses of source s are [start[s], start[s + 1]).
template <class T>
struct SparseSynapses {
  std::vector<std::size_t> start;
  std::vector<std::uint32_t> targets;
  std::vector<T> weights;
  std::vector<arma::u8> delays;  // empty where all synapses are alike
};

// Unit k to unit k.
template <class T>
struct PairSynapses {
  std::vector<T> weights;
};

// Every unit to every other, with one weight.
template <class T>
struct AllButSelfSynapses {
  T weight;
};

template <class T>
using Synapses =
    std::variant<DenseSynapses<T>, SparseSynapses<T>, PairSynapses<T>, AllButSelfSynapses<T>>;

// Draws existence, weights ("init/<name>") and delays ("delays/<name>"), each from its own stream
// in the order of for_each_synapse(), whatever the storage. Dense storage for what is plastic or
// scaled to a sum. REQUIRES: a spec that check_connection() has passed. Error: E517 for weights
// outside [lower, upper].
template <class T>
[[nodiscard]] Synapses<T> draw_synapses(const SpikingConnectionSpec& spec, const std::string& name,
                                        std::size_t outputs, std::size_t inputs, double dt,
                                        double lower, double upper, std::uint64_t seed);

// input[target] += weight, for all synapses of the sources, one source after another. Many targets
// of dense synapses are shared out among the team, if there is one, to the same bits.
template <class T>
void add_weights(const Synapses<T>& synapses, std::span<const std::uint32_t> sources, T* input,
                 std::size_t units, Team* team = nullptr);
// The same, into the ring at each synapse's own delay.
template <class T>
void scatter_weights(const Synapses<T>& synapses, std::span<const std::uint32_t> sources,
                     DelayRing<T>& ring);

// How many synapses each source has.
template <class T>
[[nodiscard]] std::vector<std::uint32_t> fan_out(const Synapses<T>& synapses, std::size_t outputs,
                                                 std::size_t inputs);

// outputs x inputs, 0 where there is no synapse.
template <class T>
[[nodiscard]] arma::Mat<T> as_matrix(const Synapses<T>& synapses, std::size_t outputs,
                                     std::size_t inputs);

}  // namespace deltaw
