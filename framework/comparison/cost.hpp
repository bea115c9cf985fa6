// SPDX-License-Identifier: Apache-2.0
// What a run cost, as metrics. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "training/work.hpp"

namespace deltaw {

// Joules of arithmetic in 32-bit floats: 3.7 pJ a multiplication and 0.9 pJ an addition, measured
// in 45 nm at 0.9 V (Horowitz 2014, doi:10.1109/ISSCC.2014.6757323, Fig. 1.1.9). An estimate, for
// comparing rules: without memory, which costs more, and of no machine in particular.
[[nodiscard]] double estimated_energy(const Work& work);

// multiply_adds, additions, synaptic_updates, spikes, labels, rewards; state_bytes, what rules and
// optimizers keep beside the weights; and energy, in J. Counts that are 0 are left out.
[[nodiscard]] std::map<std::string, std::optional<double>> cost_metrics(const Work& work,
                                                                        std::size_t state_bytes);

}  // namespace deltaw
