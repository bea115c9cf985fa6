// SPDX-License-Identifier: Apache-2.0
// What ensembles of several seeds have in common. Pure: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace deltaw {

// Entries that have a "seed" and agree in `names`, if there are at least two, become a row: those
// names, "seeds" (how many), and for each {name, JSON pointer} of `values` {median, low, high, n},
// see statistics/estimate_median.hpp, or null where any entry lacks the value. In the order of
// their first entries.
struct ValueOfSeeds {
  std::string name, pointer;
};
[[nodiscard]] nlohmann::json over_seeds(const nlohmann::json& entries,
                                        const std::vector<std::string>& names,
                                        const std::vector<ValueOfSeeds>& values);

}  // namespace deltaw
