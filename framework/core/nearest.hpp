// SPDX-License-Identifier: Apache-2.0
// Nearest known name, for messages about unknown ones. Pure functions: any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deltaw {

// The known name with the smallest edit distance to `name`, or "" when none is near (distance
// above a third of the longer length, but 2 in any case).
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& known);

// "did you mean 'x'? known: a, b, c", or "known: a, b, c" when nothing is near.
[[nodiscard]] std::string suggest(std::string_view name, const std::vector<std::string>& known);

}  // namespace deltaw
