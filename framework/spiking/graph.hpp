// SPDX-License-Identifier: Apache-2.0
// A spiking network's names resolved, and everything in its description checked. Immutable once
// made: any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "spiking/spec.hpp"

namespace deltaw {

struct SpikingGraph {
  struct Layer {
    std::string name;
    std::size_t units;
    bool is_source;   // its spikes come from outside
    bool is_current;  // or, of a source without spikes, its current
  };
  struct Connection {
    std::string name;
    std::size_t source, target;  // layers
    bool is_plastic, is_excitatory, has_own_delays;
    std::size_t longest_delay;  // steps
    double lower, upper;        // of every weight; infinite where there are no bounds
    double sum;                 // that each unit's incoming weights are scaled to; 0: none
    ConstraintSpec constraint;
  };

  std::vector<Layer> layers;
  std::vector<Connection> connections;
  std::size_t input;  // the first source
};

// Onto conductances, `lower` is at least 0. Errors: E503 for any value that makes no sense, E510
// for a layer that there is not, E515 for a time constant below dt, E516 for a delay above 254
// steps.
[[nodiscard]] SpikingGraph resolve(const SpikingSpec& spec);

// Parts of resolve().
void check_leaky(const LeakySpec& spec, const std::string& layer, double dt);
void check_source(const SourceSpec& spec, const std::string& layer, double dt);
void check_synapses(const SpikingConnectionSpec& spec, const std::string& name,
                    const SpikingLayerSpec& from, const SpikingLayerSpec& to, double dt);

}  // namespace deltaw
