// SPDX-License-Identifier: Apache-2.0
// A place is "parameters.NAME", or "drive.N.parameters.NAME".
#include "tuning/effective.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "plugin/parameters.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Place {
  const RuleSpec& rule;
  const ParameterSpec& parameter;
  std::string before;  // "drive.1.parameters."
};

std::optional<Place> place_of(const PreparedArm& arm, const std::string& path) {
  const std::size_t dot = path.rfind('.');
  const std::string before = path.substr(0, dot + 1);
  for (std::size_t i = 0; i < arm.drives().size(); ++i) {
    if (before != "parameters." && before != "drive." + std::to_string(i) + ".parameters.")
      continue;
    const RuleSpec& rule = arm.drives()[i].rule;
    const auto found =
        std::ranges::find(rule.parameters, path.substr(dot + 1), &ParameterSpec::name);
    if (found != rule.parameters.end()) return Place{rule, *found, before};
  }
  return {};
}

}  // namespace

PlacedValues effective(const PreparedArm& arm, const Variants& variants, PlacedValues values) {
  const PlacedValues all = values;
  std::erase_if(values, [&](const auto& placed) {
    const auto place = place_of(arm, placed.first);
    if (!place || !place->parameter.when) return false;
    json given = variants.at(place->before.substr(0, place->before.size() - 1));
    for (const auto& [path, value] : all) {
      if (path.starts_with(place->before)) given[path.substr(place->before.size())] = value;
    }
    return !counts(place->rule, place->parameter, given);
  });
  return values;
}

PlacedValues needed_by(const PreparedArm& arm, const std::string& path) {
  const auto place = place_of(arm, path);
  if (!place || !place->parameter.when) return {};
  const Condition& when = *place->parameter.when;
  return {{place->before + when.choice, when.values.front()}};
}

}  // namespace deltaw
