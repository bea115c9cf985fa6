// SPDX-License-Identifier: Apache-2.0
// The rules of what runs first, so that they keep their colours, then those of recorded runs.
#include "report/live_data.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace deltaw {

using nlohmann::json;

json live_data(const std::string& folder, const json& head, const json& recorded) {
  json rules = json::array();
  std::set<std::string> known;
  const auto add = [&](const std::string& rule) {
    if (known.insert(rule).second) rules.push_back({{"rule", rule}, {"metrics", json::object()}});
  };
  const bool is_there = head.is_object();
  if (is_there) {
    for (const json& rule : head.at("rules")) add(rule);
  }
  for (const json& run : recorded) add(run.at("rule"));
  const bool is_in_trials = is_there && head.at("step_word") == "trial";
  return {{"folder", folder},
          {"head", head},
          {"recorded", recorded},
          {"summary",
           {{"name", is_there ? head.at("name") : json(folder)},
            {"rules", rules},
            {"reference", ""},
            {"seeds", is_there ? head.at("seeds") : json::array()}}},
          {"experiment", {{"task", json::object()}}},
          {"trials", is_in_trials ? json::object() : json()}};
}

}  // namespace deltaw
