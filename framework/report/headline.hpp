// SPDX-License-Identifier: Apache-2.0
// The findings of a comparison in words: which rule, how sure, at what price, with what
// information. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/record.hpp"

namespace deltaw {

struct Headline {
  std::string claim;               // one sentence
  std::vector<std::string> facts;  // sentences on certainty, price, information and failures
};

// A rule is said to learn best only when it is "better" (statistics/verdict.hpp) than each other
// one, by tests adjusted for all pairs of rules: medians rank the rules, pairs decide. Else the
// sentence is on the first one that it is not better than; with too few seeds for a test it says
// so, as it does when some of the best rule's runs failed. Where forgetting is compared at a
// learning accuracy, that is the claim, and the other sentence the first fact. `summary` is as
// summarise() makes it; `records` serve one without "pairs". Error: E603 when it is not.
[[nodiscard]] Headline headline(const nlohmann::json& summary,
                                const std::vector<RunRecord>& records);

}  // namespace deltaw
