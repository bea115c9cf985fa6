// SPDX-License-Identifier: Apache-2.0
// What could come next on a command line: for the shells, whose scripts only pass on what is said
// here. One thread.
#pragma once

#include <string>
#include <vector>

#include "commands.hpp"

namespace deltaw {

// `words`: all after "deltaw", the last one as far as it is typed, perhaps empty. What it may
// become; or, where a file is asked for, ":files" or ":folders", or ":files json".
[[nodiscard]] std::vector<std::string> completions(const Arguments& words);

}  // namespace deltaw
