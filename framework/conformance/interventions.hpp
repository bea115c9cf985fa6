// SPDX-License-Identifier: Apache-2.0
// What is changed to find out how local a rule is, and what each change may reach. Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "conformance/scene.hpp"
#include "conformance/stimulus.hpp"

namespace deltaw {

// Where an entry of ΔW lies, seen from what was changed: its own synapse (of a unit, one of its
// synapses; of what is told to all, any), another synapse of the same target unit, or neither.
enum class Reach { own, row, elsewhere };

struct Intervention {
  std::string changed;  // "pre", "weights", ...
  // Changes one unit, synapse or scalar of the first to what the second has.
  std::function<void(Stimulus&, const Stimulus&)> apply;
  std::function<Reach(std::size_t entry)> reach;
  std::array<Locality, 3> needs;  // of a rule in which an entry of that Reach changes
};

[[nodiscard]] std::vector<Intervention> interventions(const RuleSpec& rule, const Scene& scene);

}  // namespace deltaw
