// SPDX-License-Identifier: Apache-2.0
#include "report/forgetting_claim.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

namespace {

struct Other {
  const char* name;
  double forgetting, p;
  const char* verdict;
};

// The reference "slow" forgets 4 points; others as given.
json matched(std::initializer_list<Other> others) {
  json families = {{{"family", "slow"}, {"forgetting", {{"median", 0.04}}}}};
  for (const auto& [name, forgetting, p, verdict] : others) {
    families.push_back({{"family", name},
                        {"forgetting", {{"median", forgetting}}},
                        {"versus_reference",
                         {{"median", forgetting - 0.04},
                          {"low", forgetting - 0.05},
                          {"high", forgetting - 0.03},
                          {"p_adjusted", p},
                          {"verdict", verdict},
                          {"seeds_needed", 9}}}});
  }
  return {{"learning_accuracy", 0.95}, {"reference", "slow"}, {"families", families}};
}

}  // namespace

TEST_CASE("the least of those that are told apart from the reference is named, and how surely") {
  CHECK(forgetting_claim(matched({{"a", 0.02, 0.01, "better"},
                                  {"b", 0.011, 0.04, "better"},
                                  {"c", 0.001, 0.06, "not told apart"},
                                  {"d", 0.1, 0.001, "worse"}})) ==
        "b forgets less than slow where they learn 95 %: 1.1 against 4.0 points (difference -2.9 "
        "points [-3.9, -1.9], p 0.040).");
}

TEST_CASE("where no family has seeds enough nothing is said of who forgets less") {
  CHECK(forgetting_claim(
            matched({{"a", 0.01, 1, "too few seeds"}, {"b", 0.2, 1, "too few seeds"}})) ==
        "Too few seeds to say who forgets least where they learn 95 %: at least 9 in which the "
        "arms of both families enclose it.");
}

TEST_CASE("where none forgets less beyond chance that is said, and how many forget more") {
  CHECK(forgetting_claim(matched({{"a", 0.01, 0.2, "not told apart"},
                                  {"b", 0.2, 0.01, "worse"},
                                  {"c", 0.3, 1, "too few seeds"}})) ==
        "No rule is found to forget less than slow where they learn 95 %, 4.0 points; 1 of 3 "
        "forget more, 1 have too few seeds to tell.");
  json alone = matched({});
  alone["families"][0].erase("forgetting");
  CHECK(forgetting_claim(alone) ==
        "Forgetting is not compared: no two arms of slow enclose what it is matched at.");
}
