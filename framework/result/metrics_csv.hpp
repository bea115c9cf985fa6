// SPDX-License-Identifier: Apache-2.0
// The learning curves as metrics.csv: one line for each evaluated epoch, quoted by RFC 4180.
// Free functions without state: any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "result/record.hpp"

namespace deltaw {

// A field of CSV: in quotes where it needs them.
[[nodiscard]] std::string csv_field(const std::string& text);

// The curves of all records, in their order, under one header line. Numbers are the shortest that
// read back to the same bits.
[[nodiscard]] std::string metrics_csv(const std::vector<RunRecord>& records);

// The curves in such a text, one record for each (rule, seed) in order of appearance, without
// status and metrics. `origin` names the text in messages. Error: E603 for anything else.
[[nodiscard]] std::vector<RunRecord> parse_metrics_csv(std::string_view text,
                                                       std::string_view origin);

}  // namespace deltaw
