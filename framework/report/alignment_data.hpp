// SPDX-License-Identifier: Apache-2.0
// How rules that watched agreed with the reference, for the page. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "result/record.hpp"

namespace deltaw {

// {reference: RULE or "", entries: [{arm, rule, draws, snapshots, measures,
//  course: [{epoch, n, low, median, high}]}]}, over all connections; `course` are the quartiles
//  over
// finished runs of the angle of one draw, in degrees; the others are as in `summary`. No entries
// where nobody watched.
[[nodiscard]] nlohmann::json alignment_data(const nlohmann::json& summary,
                                            const nlohmann::json& experiment,
                                            const std::vector<RunRecord>& records);

}  // namespace deltaw
