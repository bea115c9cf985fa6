// SPDX-License-Identifier: Apache-2.0
// Families of arms at the same learning accuracy, as a table for terminals. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// Of "matched" in summary.json, with what describe_families() adds: one line a family under a
// title: what it needs, what it learns, what it forgets, what a run takes. Error: E603 when
// `summary` is damaged or has nothing matched.
[[nodiscard]] std::string families_table(const nlohmann::json& summary);

}  // namespace deltaw
