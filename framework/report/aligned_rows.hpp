// SPDX-License-Identifier: Apache-2.0
// Rows of cells in UTF-8 as lines of text. Pure functions: any thread.
#pragma once

#include <string>
#include <vector>

namespace deltaw {

// Each column as wide as its widest cell and two spaces more; no line ends in a space. REQUIRES:
// rows of one length, at least one.
[[nodiscard]] std::string aligned_rows(const std::vector<std::vector<std::string>>& rows);

}  // namespace deltaw
