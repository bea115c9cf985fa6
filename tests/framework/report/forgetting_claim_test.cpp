// SPDX-License-Identifier: Apache-2.0
#include "report/forgetting_claim.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

namespace {

// The reference "slow" forgets 4 points; the others as given, with p.
json matched(std::initializer_list<std::tuple<const char*, double, json>> others) {
  json families = {{{"family", "slow"}, {"forgetting", {{"median", 0.04}}}}};
  for (const auto& [name, forgetting, p] : others) {
    families.push_back({{"family", name},
                        {"forgetting", {{"median", forgetting}}},
                        {"versus_reference", {{"median", forgetting - 0.04}, {"p_adjusted", p}}}});
  }
  return {{"learning_accuracy", 0.95}, {"reference", "slow"}, {"families", families}};
}

}  // namespace

TEST_CASE("the least of those that are told apart from the reference is named") {
  CHECK(forgetting_claim(matched(
            {{"a", 0.02, 0.01}, {"b", 0.011, 0.04}, {"c", 0.001, 0.06}, {"d", 0.1, 0.001}})) ==
        "b forgets less than slow where they learn 95 %: 1.1 against 4.0 points.");
}

TEST_CASE("where none forgets less beyond chance that is said, and how many forget more") {
  CHECK(forgetting_claim(matched({{"a", 0.01, 0.2}, {"b", 0.2, 0.01}, {"c", 0.3, nullptr}})) ==
        "No rule is found to forget less than slow where they learn 95 %, 4.0 points; 1 of 3 "
        "forget more.");
  json alone = matched({});
  alone["families"][0].erase("forgetting");
  CHECK(forgetting_claim(alone) ==
        "Forgetting is not compared: no two arms of slow enclose what it is matched at.");
}
