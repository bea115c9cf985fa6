// SPDX-License-Identifier: Apache-2.0
// How a rule is asked by its check: the blocks of one small connection, as its manifest allows
// them. Plain values: any thread.
#pragma once

#include <deltaw/abi.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugin/rule_spec.hpp"

namespace deltaw {

struct Scene {
  Dynamics dynamics = Dynamics::fixed;
  std::uint32_t dtype = DELTAW_F32;
  std::size_t outputs = 4, inputs = 5;
  std::size_t updates = 5;
  std::size_t columns = 6;           // of a block
  double dt = 1;                     // ms between columns, where there is time
  bool is_rewarded_by_step = false;  // reward 1 x K, else 1 x 1; static networks: always 1 x K
  bool has_pieces = false;           // a trial comes in two blocks, the first to observe()
  bool has_delays = false;           // a delay for each synapse
  bool is_in_place = false;          // ΔW goes into W itself
  double scale = 1;      // of what is shown; shares, rates and weights of spikes keep theirs
  std::size_t most = 0;  // units and synapses of a signal that are changed, evenly spread; 0: all

  [[nodiscard]] bool is_large() const { return most > 0; }
  // "rate, float64, in pieces"
  [[nodiscard]] std::string text() const;
};

// One for each dynamics, precision, shape of reward and way of taking ΔW that the rule declares. A
// rule of network scope is asked in a static network alone; none where it does not list that.
[[nodiscard]] std::vector<Scene> scenes_of(const RuleSpec& rule);

// Of a local rule of static networks: more units, observations and updates than those, and larger
// values, of which a few are changed: for what a rule does only there.
[[nodiscard]] std::optional<Scene> large_scene_of(const RuleSpec& rule);

}  // namespace deltaw
