// SPDX-License-Identifier: Apache-2.0
// A source and a layer of spiking units with one plastic connection, in steps of 1 ms.
#pragma once

#include "spiking/spec.hpp"

namespace deltaw::test {

inline SpikingSpec tiny_spikes(std::size_t sources, std::size_t units, const InitSpec& init,
                               double highest) {
  SpikingSpec spec;
  spec.dt = 1;
  spec.layers = {{.name = "in", .units = sources, .is_source = true},
                 {.name = "out", .units = units}};
  spec.connections = {{.from = "in",
                       .to = "out",
                       .name = "in>out",
                       .init = init,
                       .constraint = {.has_bounds = true, .low = 0, .high = highest},
                       .plastic = true}};
  return spec;
}

}  // namespace deltaw::test
