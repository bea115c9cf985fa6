// SPDX-License-Identifier: Apache-2.0
// Everything that the page of a report shows, read from a result folder alone. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "result/folder.hpp"

namespace deltaw {

// {headline, facts, summary, experiment, provenance or null,
//  runs: [{rule, seed, status, error, metrics, curve: {COLUMN: [...]}}],
//  confusion: [{rule, seeds, counts: [[...]]}]: summed over finished runs, rows are true classes,
//  trials: trial_data(), null of other tasks,
//  mosaics: mosaics_data() of the first finished run of each rule; empty when the task's inputs are
//  no images,
//  alignment: alignment_data(),
//  features: features_data(), null where no layer's features were looked at}. Error: E603.
[[nodiscard]] nlohmann::json page_data(const ResultFolder& folder);

}  // namespace deltaw
