// SPDX-License-Identifier: Apache-2.0
// What a spiking network does while one sample is shown, step by step: plain values, any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "spiking/network.hpp"
#include "spiking/sources.hpp"

namespace deltaw {

struct SpikeRecording {
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

// Called after every step.
template <class T>
using OnStep = std::function<void(const SpikingNetwork<T>&)>;

// So many steps of the network while the sources show what they have encoded. Without a label.
template <class T>
[[nodiscard]] SpikeRecording record_steps(SpikingNetwork<T>& network, const Sources<T>& sources,
                                          std::size_t steps, const OnStep<T>& on_step = {});

}  // namespace deltaw
