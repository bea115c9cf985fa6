// SPDX-License-Identifier: Apache-2.0
// A place is "parameters.NAME", or "drive.N.parameters.NAME".
#include "tuning/effective.hpp"

#include <algorithm>
#include <iterator>
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

std::optional<Place> place_of(const PreparedArm& arm, const Variants& variants,
                              const std::string& path) {
  const std::size_t dot = path.rfind('.');
  const std::string before = path.substr(0, dot + 1);
  for (std::size_t i = 0; i < arm.drives().size(); ++i) {
    if (before != variants.prefix(i) + "parameters.") continue;
    const RuleSpec& rule = arm.drives()[i].rule;
    const auto found =
        std::ranges::find(rule.parameters, path.substr(dot + 1), &ParameterSpec::name);
    if (found != rule.parameters.end()) return Place{rule, *found, before};
  }
  return {};
}

// The parameters at a place, as `values` would change them.
json with(const Variants& variants, const std::string& before, const PlacedValues& values) {
  json given = variants.at(before.substr(0, before.size() - 1));
  for (const auto& [path, value] : values) {
    if (path.starts_with(before)) given[path.substr(before.size())] = value;
  }
  return given;
}

}  // namespace

PlacedValues resets(const PreparedArm& arm, const Variants& variants, const PlacedValues& values) {
  PlacedValues defaults;
  for (std::size_t i = 0; i < arm.drives().size(); ++i) {
    const RuleSpec& rule = arm.drives()[i].rule;
    const std::string before = variants.prefix(i) + "parameters.";
    const json given = with(variants, before, values);
    for (const ParameterSpec& parameter : rule.parameters) {
      const std::string path = before + parameter.name;
      const bool is_placed =
          std::ranges::any_of(values, [&](const auto& placed) { return placed.first == path; });
      if (!is_placed && given.contains(parameter.name) && !counts(rule, parameter, given)) {
        defaults.emplace_back(path, to_json(parameter.fallback));
      }
    }
  }
  return defaults;
}

PlacedValues effective(const PreparedArm& arm, const Variants& variants, PlacedValues values) {
  PlacedValues defaults = resets(arm, variants, values);
  const PlacedValues all = values;
  std::erase_if(values, [&](const auto& placed) {
    const auto place = place_of(arm, variants, placed.first);
    return place && !counts(place->rule, place->parameter, with(variants, place->before, all));
  });
  std::ranges::move(defaults, std::back_inserter(values));
  return values;
}

PlacedValues needed_by(const PreparedArm& arm, const Variants& variants, const std::string& path) {
  const auto place = place_of(arm, variants, path);
  if (!place || !place->parameter.when) return {};
  const Condition& when = *place->parameter.when;
  return {{place->before + when.choice, when.values.front()}};
}

}  // namespace deltaw
