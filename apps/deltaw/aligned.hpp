// SPDX-License-Identifier: Apache-2.0
// Tables for the terminal. A pure function: any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deltaw {

using Row = std::vector<std::string>;

// Columns as wide as their widest cell, two blanks between them; the last one is not padded.
[[nodiscard]] std::string aligned(const std::vector<Row>& rows, std::string_view indent);

}  // namespace deltaw
