// SPDX-License-Identifier: Apache-2.0
// What a training takes, counted: the same on every machine, whatever its speed. Plain values: any
// thread.
#pragma once

#include <cstdint>

#include "core/state.hpp"

namespace deltaw {

// Evaluation, and what rules that only watch would do, is not counted.
struct Work {
  // Of the network, one a weight and observation or step, and of spiking units one a state variable
  // and step. Of rules what the host sees: what a rule of network scope asks the network for, and
  // one a synapse for each observation, step or spike shown to a rule of local scope. What a rule
  // does beyond is not seen.
  std::uint64_t multiply_adds = 0;
  std::uint64_t additions = 0;         // of a weight, for a spike that arrives
  std::uint64_t synaptic_updates = 0;  // weights written, or a spike's synapses shown to its rule
  std::uint64_t spikes = 0;            // of units, not of sources
  std::uint64_t labels = 0;            // observations or trials with what is right, shown to a rule
  std::uint64_t rewards = 0;           // given to a rule

  Work& operator+=(const Work& other);
  bool operator==(const Work&) const = default;
  void save(StateWriter& writer) const;
  void load(StateReader& reader);
};

}  // namespace deltaw
