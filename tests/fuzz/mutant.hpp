// SPDX-License-Identifier: Apache-2.0
// Bytes a little different from others. One thread a generator.
#pragma once

#include <random>
#include <string>
#include <string_view>

namespace deltaw::test {

// Of a JSON document one to four values, keys or members changed, copied or taken away; what is no
// JSON comes back as bytes_mutant() makes it.
[[nodiscard]] std::string json_mutant(std::string_view document, std::mt19937_64& random);

// One to four times: a bit flipped, a byte replaced, a piece copied, removed or cut off.
[[nodiscard]] std::string bytes_mutant(std::string_view bytes, std::mt19937_64& random);

}  // namespace deltaw::test
