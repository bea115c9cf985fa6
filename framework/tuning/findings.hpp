// SPDX-License-Identifier: Apache-2.0
// What a tuning found: tuned.json. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "tuning/plan.hpp"
#include "tuning/trial_record.hpp"

namespace deltaw {

// {deltaw_tuned, experiment, search, halving, rungs, seeds, metric, lower_is_better, unit, set,
//  split?, rules: [{rule, fingerprint, searched: {PATH: range}, runs, failed, trial, value,
//  values: {PATH: value}, at_edge: {PATH: "low" or "high"}}]}: of each arm the best trial of the
// last rung. Of an arm whose every trial there diverged, trial and the rest are absent. None before
// all runs have ended.
[[nodiscard]] std::optional<nlohmann::json> findings(const TuningPlan& plan,
                                                     const std::vector<TrialRecord>& records);

}  // namespace deltaw
