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

// A rule is said to learn best only when a sign-flip test over paired seeds, adjusted for the
// number of rules it is compared with, gives p < 0.05 against the next one, and the pairs favour
// the rule that the medians put first; with too few seeds for a test the sentence says so, as it
// does when some of the best rule's runs failed. `summary` is as summarise() makes it. Error: E603
// when it is not.
[[nodiscard]] Headline headline(const nlohmann::json& summary,
                                const std::vector<RunRecord>& records);

}  // namespace deltaw
