// SPDX-License-Identifier: Apache-2.0
// A recording as results keep it. Pure function: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "training/spike_recording.hpp"

namespace deltaw {

// {dt, shown (steps of the sample itself), label, layers: [{name, units, steps, spikes (the unit
// that spiked in each of `steps`), observed (units), potentials (mV, by step, of each)}]}.
[[nodiscard]] nlohmann::json to_json(const SpikeRecording& recording);

}  // namespace deltaw
