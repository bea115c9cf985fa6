// SPDX-License-Identifier: Apache-2.0
// What chooses the members of ensembles: --group, --rules, --seeds. Pure: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ensemble/selection.hpp"

namespace deltaw {

// "NAME=ARM,ARM@SEED,ARM@2-6": a range of seeds is a member for each. Error: E002.
[[nodiscard]] EnsembleGroup parse_group(const std::string& text);

// Names with commas between them. Error: E002 an empty one.
[[nodiscard]] std::vector<std::string> arm_names(const std::string& text);

// The seeds of --seeds, a count from 1. Error: E002.
[[nodiscard]] std::vector<std::uint64_t> seeds_in(const std::string& text);

}  // namespace deltaw
