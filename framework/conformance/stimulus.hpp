// SPDX-License-Identifier: Apache-2.0
// What a rule is shown during one check, made up: independent draws, so that one thing can be
// changed and all others kept. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "conformance/scene.hpp"

namespace deltaw {

// parts[update][part]. Of a local rule the parts are the signals by number: empty where there is
// none, spikes as units x 1 of 0 and 1. Of a network: network_probe.hpp.
struct Stimulus {
  std::vector<std::vector<arma::mat>> parts;
};

// To what a signal belongs.
enum class Belongs { source, target, synapse, all };
[[nodiscard]] Belongs belongs_to(std::uint32_t signal);

// Rows and columns of a signal in a scene; of spikes units x 1.
[[nodiscard]] std::pair<std::size_t, std::size_t> shape_of(std::uint32_t signal,
                                                           const Scene& scene);

// All that the rule declares, for the updates of a scene. The same number gives the same values.
[[nodiscard]] Stimulus draw_stimulus(const RuleSpec& rule, const Scene& scene,
                                     std::uint64_t number);

// Replace in `to`, at every update, one row, one entry or all of a part by what `from` has there.
void take_row(Stimulus& to, const Stimulus& from, std::size_t part, std::size_t row);
void take_entry(Stimulus& to, const Stimulus& from, std::size_t part, std::size_t row,
                std::size_t column);
void take_all(Stimulus& to, const Stimulus& from, std::size_t part);

}  // namespace deltaw
