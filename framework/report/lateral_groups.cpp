// SPDX-License-Identifier: Apache-2.0
// Arms compared as flat lists of what they say, strength and name apart.
#include "report/lateral_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "report/arm.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
using Values = std::map<std::string, json>;  // by JSON pointer

constexpr std::size_t k_most_values = 3;  // that a label has room for

struct Group {
  std::string rules;  // ids, of all that drive a connection
  Values values;
  std::map<double, std::string> arms = {};  // by strength
};

std::optional<double> strength_of(const json& lateral) {
  if (lateral.is_null()) return 0;
  if (lateral.is_number()) return lateral.get<double>();
  if (lateral.is_object() && lateral.contains("strength")) return lateral["strength"].get<double>();
  return std::nullopt;
}

// Takes the layer's lateral connections out of the network.
std::optional<double> take_strength(json& network, const std::string& layer) {
  if (!network.contains("layers")) return std::nullopt;
  for (json& entry : network["layers"]) {
    if (entry.value("name", "") != layer) continue;
    const std::optional<double> strength = strength_of(entry.value("lateral", json()));
    entry.erase("lateral");
    return strength;
  }
  return std::nullopt;
}

std::string rules_of(const json& arm) {
  std::string rules;
  std::set<std::string> seen;
  for (const json& drive : arm.value("drive", json::array())) {
    const auto rule = drive.value("rule", "");
    if (!seen.insert(rule).second) continue;
    rules += (rules.empty() ? "" : " + ") + rule;
  }
  return rules.empty() ? "no rule" : rules;
}

std::vector<Group> groups_of(const json& experiment, const std::vector<std::string>& rules,
                             const std::string& layer) {
  std::vector<Group> groups;
  for (const std::string& rule : rules) {
    json arm = arm_of(experiment, rule);
    arm.erase("name");
    arm["network"] = network_of(experiment, rule);
    if (!arm.contains("training")) arm["training"] = experiment.value("training", json::object());
    const std::optional<double> strength = take_strength(arm["network"], layer);
    if (!strength) continue;
    const auto values = arm.flatten().get<Values>();
    const auto same =
        std::ranges::find_if(groups, [&](const Group& group) { return group.values == values; });
    Group& group = same == groups.end()
                       ? groups.emplace_back(Group{.rules = rules_of(arm), .values = values})
                       : *same;
    group.arms.emplace(*strength, rule);
  }
  std::erase_if(groups, [](const Group& group) { return group.arms.size() < 2; });
  return groups;
}

// Where groups of the same rules differ.
std::set<std::string> differing(const std::vector<Group>& groups, const Group& group) {
  std::set<std::string> places;
  for (const Group& other : groups) {
    if (other.rules != group.rules) continue;
    for (const auto& [place, value] : group.values) {
      const auto found = other.values.find(place);
      if (found == other.values.end() || found->second != value) places.insert(place);
    }
  }
  return places;
}

std::string label_of(const std::vector<Group>& groups, const Group& group) {
  const std::set<std::string> places = differing(groups, group);
  if (places.size() > k_most_values) return "as " + group.arms.begin()->second;
  std::string label = group.rules;
  for (const std::string& place : places) {
    const json& value = group.values.at(place);
    label += fmt::format(", {} {}", place.substr(place.rfind('/') + 1),
                         value.is_string() ? value.get<std::string>() : value.dump());
  }
  return label;
}

}  // namespace

json lateral_groups(const json& experiment, const std::vector<std::string>& rules,
                    const std::string& layer) {
  const std::vector<Group> groups = groups_of(experiment, rules, layer);
  json all = json::array();
  for (const Group& group : groups) {
    json points = json::array();
    for (const auto& [strength, rule] : group.arms) {
      points.push_back({{"rule", rule}, {"strength", strength}});
    }
    all.push_back({{"label", label_of(groups, group)}, {"points", std::move(points)}});
  }
  return all;
}

}  // namespace deltaw
