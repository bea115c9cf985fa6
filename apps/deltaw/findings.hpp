// SPDX-License-Identifier: Apache-2.0
// What all runs of a comparison tell together: summary.json, report.html, tables on the screen. One
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "experiment_options.hpp"

namespace deltaw {

// Those that finished or failed, by arm, then seed.
[[nodiscard]] std::vector<RunRecord> ended_runs(const ResultFolder& folder,
                                                const std::vector<PreparedArm>& arms);
void sort_by_arm(std::vector<RunRecord>& records, const std::vector<PreparedArm>& arms);

// Writes summary.json and report.html into `folder`, and prints tables, or the summary with --json.
void tell_findings(const po::variables_map& values, const Prepared& prepared,
                   const ResultFolder& folder, const std::vector<RunRecord>& records);

}  // namespace deltaw
