// SPDX-License-Identifier: Apache-2.0
// How one rule stands beside another, read from a summary's pairs. Any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "statistics/estimate.hpp"

namespace deltaw {

// As seen by the first rule: positive where it does better.
struct Duel {
  Estimate gain = {};  // at the median of paired seeds; null ends are infinite
  Share ahead = {}, improvement = {};
  std::optional<double> p = {};  // adjusted for all pairs
  std::string verdict;           // as statistics/verdict.hpp names it
  std::size_t seeds_needed = 0;  // where they are too few
};

// `pairs` are those of a summary; empty where no seed has both.
[[nodiscard]] std::optional<Duel> duel_of(const nlohmann::json& pairs, const std::string& rule,
                                          const std::string& other, bool is_lower_better);

}  // namespace deltaw
