// SPDX-License-Identifier: Apache-2.0
// alignment.json: how rules that watched a run agreed with the reference, snapshot by snapshot. Any
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "result/record.hpp"

namespace deltaw {

// [{epoch, rule, connection, updates, draws, MEASURE: number or null}], names as in AlignmentRow.
[[nodiscard]] nlohmann::json alignment_json(const std::vector<AlignmentRow>& rows);

// The same back. Throws nlohmann::json::exception for anything else.
[[nodiscard]] std::vector<AlignmentRow> parse_alignment(const nlohmann::json& document);

// The measures of a row by name, in the order of tables.
struct AlignmentMeasure {
  const char* name;
  std::optional<double> AlignmentRow::*value;
};
[[nodiscard]] const std::vector<AlignmentMeasure>& alignment_measures();

}  // namespace deltaw
