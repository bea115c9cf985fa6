// SPDX-License-Identifier: Apache-2.0
// The comparison as a table for terminals, from summary.json alone. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// One line a rule under a title and a header, aligned, in UTF-8, with notes below on what a reader
// must know (failed runs, too few seeds); ends with a newline. `summary` is as summarise() makes
// it. Error: E603 when it is not.
[[nodiscard]] std::string summary_table(const nlohmann::json& summary);

// Of many arms that are swept to be compared where they learn alike: one line a family instead, and
// the same notes. `summary` has "matched".
[[nodiscard]] std::string sweep_table(const nlohmann::json& summary);

}  // namespace deltaw
