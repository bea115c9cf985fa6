// SPDX-License-Identifier: Apache-2.0
// From the snapshots of all runs of an arm to what a table says of each rule that watched them. Any
// thread, each with a Bootstrap of its own.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/record.hpp"
#include "statistics/resamples.hpp"

namespace deltaw {

// [{rule, connection, draws, snapshots, measures: {NAME: {median, low, high, n}}}] over the
// finished runs of one arm, in the order of its rows; empty where nobody watched. `rule` and
// `connection` as in AlignmentRow. A run counts once, with the mean over its snapshots: "angle",
// "mean_angle", "limit_angle" and "sum_angle" of the cosines of these names, in degrees, and
// "norm_ratio", "sign_agreement" and "signal_to_noise".
[[nodiscard]] nlohmann::json summarise_alignment(const std::vector<RunRecord>& records,
                                                 const std::string& arm, Bootstrap& bootstrap);

// 0 to 180 degrees; of an estimate beyond [-1, 1] those of its ends.
[[nodiscard]] double degrees_of(double cosine);

}  // namespace deltaw
