// SPDX-License-Identifier: Apache-2.0
#include "report/lateral_groups.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

namespace {

json network_with(const json& lateral, std::size_t units = 10) {
  json features = {{"name", "features"}, {"units", units}};
  if (!lateral.is_null()) features["lateral"] = lateral;
  return {{"layers", {{{"name", "input"}}, features}}};
}

json arm(const std::string& name, const std::string& rule, const json& parameters,
         const json& network) {
  return {{"name", name},
          {"drive", {{{"rule", rule}, {"parameters", parameters}}}},
          {"network", network}};
}

std::string text(const json& groups) {
  std::string words;
  for (const json& group : groups) {
    words += group["label"].get<std::string>() + ":";
    for (const json& point : group["points"]) {
      words += " " + point["rule"].get<std::string>() + "=" + point["strength"].dump();
    }
    words += "\n";
  }
  return words;
}

}  // namespace

TEST_CASE("arms that differ in lateral strength alone make a group, from weak to strong") {
  const json slow = {{"memory", 0.9}, {"rate", 1}}, fast = {{"memory", 0.5}, {"rate", 1}};
  json experiment = {
      {"network", network_with({})},
      {"rules",
       {arm("a", "bcm", slow, network_with(0.05)),
        arm("b", "bcm", slow, network_with({{"strength", -0.1}})),
        arm("c", "bcm", fast, network_with(-0.2)), arm("d", "bcm", fast, network_with({})),
        arm("wide", "bcm", fast, network_with(-0.2, 20)),
        arm("any", "bcm", fast, network_with({{"weights", {{0, 1}, {1, 0}}}})),
        arm("oja", "oja", {{"rate", 1}}, network_with(0.05))}}};
  experiment["rules"].push_back(arm("shared", "bcm", slow, {}));
  experiment["rules"].back().erase("network");
  const std::vector<std::string> names = {"a", "b", "c", "d", "wide", "any", "oja", "shared"};
  CHECK(text(lateral_groups(experiment, names, "features")) ==
        "bcm, memory 0.9: b=-0.1 shared=0.0 a=0.05\nbcm, memory 0.5: c=-0.2 d=0.0\n");
  CHECK(lateral_groups(experiment, names, "output").empty());

  // Other training is another group.
  experiment["training"] = {{"epochs", 5}};
  experiment["rules"][1]["training"] = {{"epochs", 6}};
  CHECK(text(lateral_groups(experiment, {"b", "a"}, "features")).empty());
  experiment["rules"][1]["training"] = {{"epochs", 5}};
  CHECK(text(lateral_groups(experiment, {"b", "a"}, "features")) == "bcm: b=-0.1 a=0.05\n");
}

TEST_CASE("a group that many values set apart is called after one of its arms") {
  const json one = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}},
             two = {{"a", 2}, {"b", 2}, {"c", 2}, {"d", 2}};
  const json experiment = {
      {"rules",
       {arm("p", "bcm", one, network_with(0.1)), arm("q", "bcm", one, network_with(-0.1)),
        arm("r", "bcm", two, network_with(0.1)), arm("s", "bcm", two, network_with(-0.1))}}};
  CHECK(text(lateral_groups(experiment, {"p", "q", "r", "s"}, "features")) ==
        "as q: q=-0.1 p=0.1\nas s: s=-0.1 r=0.1\n");
}
