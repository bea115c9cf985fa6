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
//  images: [{rule, seed, connection, width, height, units, scale, pixels: [[...]]}]}: weights into
// the first units of each first-layer connection, as integers -127 .. 127 in units of scale / 127;
// empty when the task's inputs are no images. Error: E603.
[[nodiscard]] nlohmann::json page_data(const ResultFolder& folder);

}  // namespace deltaw
