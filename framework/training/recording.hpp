// SPDX-License-Identifier: Apache-2.0
// What a spiking network does while one sample is shown, step by step: plain values, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace deltaw {

struct Recording {
  struct Layer {
    std::string name;
    std::size_t units = 0;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> spikes = {};  // (step, unit), by step
    // Of a few units, those that spike most: v after every step, in mV; no units of a source.
    std::vector<std::uint32_t> observed = {};
    std::vector<std::vector<float>> potentials = {};
  };
  double dt = 0;          // ms
  std::size_t shown = 0;  // steps of the sample itself; what follows is rest
  std::uint32_t label = 0;
  std::vector<Layer> layers = {};
};

}  // namespace deltaw
