// SPDX-License-Identifier: Apache-2.0
// A network of spiking units, stepped through time. Copies are independent. One thread a network.
#pragma once

#include <armadillo>
#include <cstdint>
#include <span>
#include <vector>

#include "core/state.hpp"
#include "core/team.hpp"
#include "spiking/delay_ring.hpp"
#include "spiking/graph.hpp"
#include "spiking/leaky.hpp"
#include "spiking/saturation.hpp"
#include "spiking/spec.hpp"
#include "spiking/spike_queue.hpp"
#include "spiking/synapses.hpp"

namespace deltaw {

// One step of dt goes as in Brian2 (Stimberg, Brette and Goodman 2019, doi:10.7554/eLife.47314):
//   1. every leaky layer moves v with its synaptic inputs as they are (v stands while refractory),
//      then decays these and theta; units above their threshold spike;
//   2. each spike that reaches its synapses in this step, spikes of this step included where there
//      is no delay, adds its weights to the inputs of its targets, which move v from the next step
//      on; with tau 0 they are added to v itself, but not where it is refractory;
//   3. units that have spiked are reset, and theta is incremented.
// Where synapses have delays of their own, a weight is read when the spike departs. A unit with a
// refractory period of R steps spikes again R steps after a spike at the earliest.
//
// Work: one vectorised pass over the units that are not at rest, and the synapses of the spikes. Of
// thousands of units both can be shared out among the threads of a team, to the same bits.
template <class T>
class SpikingNetwork {
 public:
  // Draws synapses, weights and delays, keyed by seed and the connection's name. Errors: those of
  // resolve(); E517 where weights start outside their bounds.
  SpikingNetwork(const SpikingSpec& spec, std::uint64_t seed);

  // Whether a team is of use: a leaky layer has 2048 units or more.
  [[nodiscard]] bool is_large() const;
  // Whose threads steps and normalise() share from now on, those of copies too; null: this thread
  // alone. It must outlive them.
  void share(Team* team) { team_ = team; }

  // Advances by dt. `input`: the units of layer input() that spike in this step, ascending. Error:
  // E308 a layer that has synapses saturates (SaturationWatch).
  void step(std::span<const std::uint32_t> input);
  // The units of another source that spike in the next step, ascending; none unless fed.
  void feed(std::size_t layer, std::span<const std::uint32_t> spikes);

  // What a source of currents gives, one a unit in mV, until it is told otherwise; 0 at first.
  void inject(std::size_t layer, const arma::Col<T>& current);

  // Of the last step, ascending.
  [[nodiscard]] std::span<const std::uint32_t> spikes(std::size_t layer) const;
  // Source units whose spikes reached their synapses in the last step; where delays() are not null
  // or synapses have delays of their own, whose spikes departed.
  [[nodiscard]] std::span<const std::uint32_t> arrivals(std::size_t connection) const;

  // outputs x inputs, to be changed between steps. REQUIRES: the connection is plastic, has a sum,
  // or is all to all.
  [[nodiscard]] arma::Mat<T>& weights(std::size_t connection);
  [[nodiscard]] const arma::Mat<T>& weights(std::size_t connection) const;
  // A copy, of any connection: 0 where there is no synapse.
  [[nodiscard]] arma::Mat<T> weight_matrix(std::size_t connection) const;
  // outputs x inputs, steps from departure to arrival, 255 where there is no synapse. Null where
  // all pairs of units have synapses with one delay, and for connections that are not plastic and
  // not stored whole.
  [[nodiscard]] const arma::Mat<arma::u8>* delays(std::size_t connection) const;
  // How many synapses each source has.
  [[nodiscard]] std::vector<std::uint32_t> fan_out(std::size_t connection) const;
  // Scales each unit's incoming weights of every connection that has a sum (scale_rows_to).
  void normalise();
  // While held, no threshold adapts: theta neither grows nor decays.
  void hold_thresholds(bool are_held);

  [[nodiscard]] const std::vector<SpikingGraph::Layer>& layers() const { return graph_.layers; }
  [[nodiscard]] const std::vector<SpikingGraph::Connection>& connections() const {
    return graph_.connections;
  }
  [[nodiscard]] std::size_t input() const { return graph_.input; }
  [[nodiscard]] double dt() const { return dt_; }  // ms
  // Steps done since the start.
  [[nodiscard]] std::uint64_t now() const { return now_; }

  // Of a leaky layer, one value a unit. REQUIRES: !layers()[layer].is_source.
  [[nodiscard]] arma::Col<T> potential(std::size_t layer) const;         // mV
  [[nodiscard]] arma::Col<T> theta(std::size_t layer) const;             // mV
  [[nodiscard]] arma::Col<T> excitatory_input(std::size_t layer) const;  // conductance, or mV
  [[nodiscard]] arma::Col<T> inhibitory_input(std::size_t layer) const;

  // Everything that changes, for a network of the same spec and seed. Error: E306.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  struct Source {
    std::vector<std::uint32_t> now, next;
    arma::Col<T> current;  // of a source of currents
  };
  struct Wire {
    Synapses<T> synapses;
    SpikeQueue queue;                // where all synapses have one delay
    std::vector<DelayRing<T>> ring;  // one, where each has its own; else none
  };

  [[nodiscard]] const LeakyLayer<T>& leaky(std::size_t layer) const;
  void propagate(std::size_t connection);
  void set_current(std::size_t layer);

  SpikingGraph graph_;
  double dt_;
  std::uint64_t seed_, now_ = 0;
  Team* team_ = nullptr;
  std::vector<std::size_t> place_;  // of each layer among sources_ or leaky_
  std::vector<Source> sources_;
  std::vector<LeakyLayer<T>> leaky_;
  std::vector<SaturationWatch> watches_;  // of each leaky layer
  std::vector<bool> is_driven_;           // by synapses: a current alone may be as large as it is
  std::vector<Wire> wires_;
};

extern template class SpikingNetwork<float>;
extern template class SpikingNetwork<double>;

}  // namespace deltaw
