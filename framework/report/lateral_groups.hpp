// SPDX-License-Identifier: Apache-2.0
// Arms that differ in nothing but how strong the lateral connections of one layer are. Free
// function without state: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace deltaw {

// [{label, points: [{rule, strength}]}] by strength, of a result folder's experiment and its arms
// in that order; `layer` is the one whose uniform strength counts, none being 0. Arms with a whole
// matrix of lateral weights are left out, and so are those that no other arm equals in all else. A
// label names the rules of a group and the values that tell it from other groups of these rules.
[[nodiscard]] nlohmann::json lateral_groups(const nlohmann::json& experiment,
                                            const std::vector<std::string>& rules,
                                            const std::string& layer);

}  // namespace deltaw
