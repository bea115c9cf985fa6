// SPDX-License-Identifier: Apache-2.0
// Which synapses a connection has, in the order in which they draw. Pure: any thread.
#pragma once

#include <cstdint>

#include "core/random.hpp"
#include "spiking/spec.hpp"

namespace deltaw {

// Calls visit(target, source) for each synapse, source by source, targets ascending. "random" draws
// from its own stream, keyed by (seed, the connection's name).
template <class Visit>
void for_each_synapse(const SpikingConnectionSpec& spec, const std::string& name,
                      std::uint32_t targets, std::uint32_t sources, std::uint64_t seed,
                      Visit visit) {
  const bool is_one_to_one = spec.pattern == "one-to-one",
             leaves_self = spec.pattern == "all-but-self", is_random = spec.pattern == "random";
  Random random(seed, "synapses/" + name);
  for (std::uint32_t source = 0; source < sources; ++source) {
    if (is_one_to_one) {
      visit(source, source);
      continue;
    }
    for (std::uint32_t target = 0; target < targets; ++target) {
      if (leaves_self && target == source) continue;
      if (is_random && random.uniform() >= spec.density) continue;
      visit(target, source);
    }
  }
}

}  // namespace deltaw
