// SPDX-License-Identifier: Apache-2.0
// What the page shows of the features that layers learned, read from a result folder alone. Any
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/folder.hpp"

namespace deltaw {

// {runs: [{rule, seed, layer, part, patterns, alpha: [...], labels: [...], per_class: [[...]]}]: of
//  each unit, from the first finished run of each rule that has features; per_class is empty when
//  there are too many classes to show,
//  histograms: [{rule, seeds, units, dead, counts: [...]}]: units of all its finished runs by the
//  share of patterns that they select, from 0 to 1 in equal bins, without dead ones; both empty
//  where selectivity was not asked for,
//  courses: [{rule, seed, epoch: [...], columns: {NAME: [...]}}]: of every finished run,
//  monitored: [{rule, seed, name, epoch, min, q1, median, q3, max: [...]}]: of those first runs,
//  recordings: [{rule, seed, ..., weights: [{connection, low, high, counts}]}]: "recording" of
//  those first runs that have one, and how their final weights are distributed, lateral:
//  lateral_groups()}
// of the rules in that order; null when no finished run has features. Error: E603.
[[nodiscard]] nlohmann::json features_data(const ResultFolder& folder,
                                           const nlohmann::json& experiment,
                                           const std::vector<std::string>& rules,
                                           const std::vector<RunRecord>& records);

}  // namespace deltaw
