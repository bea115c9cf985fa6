// SPDX-License-Identifier: Apache-2.0
// What this program is, and with what it was built. Any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace deltaw {

// (what, which): the ABI, the compiler, the libraries that decide about results.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> build_facts();

// "deltaw 0.1.0", then a line for each of these.
[[nodiscard]] std::string version_text();

}  // namespace deltaw
