// SPDX-License-Identifier: Apache-2.0
// From what a run did before and after training to analysis.json. Pure functions: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "comparison/snapshot.hpp"
#include "task/trial_task.hpp"

namespace deltaw {

// analysis.json, with times in ms from the start of a trial and numbers of four digits:
//   {layer, units, dt, steps, kinds: [NAME], windows: [{name, from, to}], trials_per_kind, times:
//    [of each sample],
//    weights: [{connection, relative, median_ratio, unstable_mean_ratio, most: [{to, from, before,
//    after}]}]: WeightChange of each plastic connection,
//    activity: {units: [INDEX], before, after: [kind][unit][sample]}: mean over trials of up to 12
//    units, evenly spaced,
//    selectivity: {factors: [two NAMES], windows: [{window, before, after: {units, variance}}]} or
//    null: in each window of the task, the share of units selective for the conjunction of its
//    first two factors, and what share the conjunction has in their variance between conjunctions,
//    decoding: [{factor, times, accuracy: [train time][test time]}] after training,
//    geometry: [{time, kinds: [of each trial], points: [[x, y]], ratios: {FACTOR: number}}]:
//    classical scaling of all trials after training, and group_distance_ratio(), at the ends of the
//    windows other than delays and at the start of the last, relaxation: {unit, at, jump, times,
//    before, after: {unit: [potential with minus without the disturbance], distance: [...],
//    time}}}; time constants are taken over the 100 ms after the jump.
// What a task has too few kinds or factors for is null or empty.
[[nodiscard]] nlohmann::json analyse(const SnapshotPlan& plan, const Snapshot& before,
                                     const Snapshot& after, const TrialTask& task,
                                     const std::string& layer);

// WeightChange::relative of the largest of these connections; empty where there is none.
[[nodiscard]] std::optional<double> relative_change(
    const std::vector<std::pair<std::string, arma::mat>>& before,
    const std::vector<std::pair<std::string, arma::mat>>& after);

}  // namespace deltaw
