// SPDX-License-Identifier: Apache-2.0
// What a rule's library does, found out in this process: how local it is, and whether it keeps to
// the contract. Runs code of the plugin; one thread.
#pragma once

#include <deltaw/abi.h>

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "plugin/rule_spec.hpp"

namespace deltaw {

struct Examining {
  bool has_interventions = true;  // else only what the rule answers, for another process to compare
  std::function<void(const std::string&)> on_stage = {};  // is told what comes next
};

// {measured, scenes: [TEXT], variants: [TEXT], skipped: [TEXT],
//  evidence: [{changed, times, own, row, elsewhere, needs, first}],
//  findings: [{name, holds, detail}], answers: {"VARIANT; SCENE": HEX}}
// `evidence`: how often each kind of thing was changed, how many entries of ΔW changed with it (own
// synapse, other synapses of the same target unit, elsewhere), and the least locality of a rule in
// which that happens. `measured`: the widest of these; null where nothing could be asked.
// Errors: those of RuleInstance when the rule fails with its defaults in every scene.
[[nodiscard]] nlohmann::json examine(const deltaw_plugin& plugin, const RuleSpec& rule,
                                     const Examining& how);

}  // namespace deltaw
