// SPDX-License-Identifier: Apache-2.0
// One analysed run as the page draws it: analysis.json made small, and the weights behind it. Any
// thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "result/folder.hpp"

namespace deltaw {

// analysis.json with {rule, seed} and
//   activity of six units at most,
//   decoding: accuracy as text, one byte for each train time and test time in turn (train time
//   after train time), 200 being 1, matrices: [{connection, rows, columns, of: [rows, columns],
//   scale, before, after, histogram: {low, high, before, after: [counts]}}]: the first 256 rows and
//   columns of each plastic connection but biases as text, row after row, one byte for each weight,
//   127 + 127 w / scale; counts of all weights in 40 bins.
// Bytes are written in base64. Null when the run was not analysed. Error: E603.
[[nodiscard]] nlohmann::json analysis_data(const ResultFolder& folder, const std::string& rule,
                                           std::uint64_t seed);

}  // namespace deltaw
