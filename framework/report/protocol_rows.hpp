// SPDX-License-Identifier: Apache-2.0
// What was measured by a protocol, as columns and in words. Pure functions: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/headline.hpp"

namespace deltaw {

struct ProtocolColumn {
  std::string above, below;  // the heading, in two lines
  std::string metric;
  bool is_share;  // shown in percent
};

// Of those that a protocol may have, the ones that some rule has. REQUIRES: a summary with
// "protocol".
[[nodiscard]] std::vector<ProtocolColumn> protocol_columns(const nlohmann::json& summary);

// The heading's two rows and one for each rule: cells of a table.
[[nodiscard]] std::vector<std::vector<std::string>> protocol_rows(const nlohmann::json& summary);

// What the reference came to, and the others.
[[nodiscard]] Headline protocol_headline(const nlohmann::json& summary);

}  // namespace deltaw
