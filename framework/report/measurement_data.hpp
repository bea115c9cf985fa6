// SPDX-License-Identifier: Apache-2.0
// What the page shows of a protocol. Pure function: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/folder.hpp"

namespace deltaw {

// Null where the summary is of no protocol: {columns: [[title, metric, is_share]], runs: [{rule,
// seed, and what measurement.json of the first finished run has}]}.
[[nodiscard]] nlohmann::json measurement_data(
    const ResultFolder& folder, const nlohmann::json& summary,
    const std::vector<std::pair<std::string, std::uint64_t>>& first_runs);

}  // namespace deltaw
