// SPDX-License-Identifier: Apache-2.0
// Combining the values of choices and switches.
#include "conformance/variants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace deltaw {
namespace {

constexpr std::size_t k_most = 32;  // combinations

std::vector<ParameterValue> choices_of(const ParameterSpec& spec) {
  std::vector<ParameterValue> values;
  if (spec.type == ParameterSpec::Type::boolean) values = {false, true};
  if (spec.type == ParameterSpec::Type::choice) {
    values.assign(spec.values.begin(), spec.values.end());
  }
  return values;
}

// Another value that the parameter may have.
double moved(const ParameterSpec& spec, double value) {
  const bool is_whole = spec.type == ParameterSpec::Type::integer;
  double other = value == 0 ? (is_whole ? 1 : 0.5) : value + (is_whole ? 1 : value / 4);
  if (spec.maximum && other >= *spec.maximum) other = is_whole ? value - 1 : value * 0.75;
  const bool is_below =
      spec.minimum && (other < *spec.minimum || (spec.exclusive_minimum && other == *spec.minimum));
  return is_below ? value : other;
}

Variant with(const Variant& base, std::size_t place, const ParameterValue& value) {
  Variant out = base;
  out.parameters[place].value = value;
  const std::string change =
      fmt::format("{}={}", out.parameters[place].name, to_json(value).dump());
  out.text = base.text == "defaults" ? change : base.text + " " + change;
  return out;
}

std::vector<Variant> combinations(const RuleSpec& rule, const Variant& defaults) {
  std::vector<Variant> all = {defaults};
  for (std::size_t p = 0; p < rule.parameters.size(); ++p) {
    const std::size_t count = all.size();
    for (const ParameterValue& value : choices_of(rule.parameters[p])) {
      if (value == rule.parameters[p].fallback) continue;
      for (std::size_t i = 0; i < count; ++i) all.push_back(with(all[i], p, value));
    }
  }
  return all;
}

std::vector<Variant> one_by_one(const RuleSpec& rule, const Variant& defaults) {
  std::vector<Variant> all = {defaults};
  for (std::size_t p = 0; p < rule.parameters.size(); ++p) {
    for (const ParameterValue& value : choices_of(rule.parameters[p])) {
      if (value != rule.parameters[p].fallback) all.push_back(with(defaults, p, value));
    }
  }
  return all;
}

}  // namespace

std::vector<Variant> variants_of(const RuleSpec& rule) {
  const Variant defaults{"defaults", resolve_parameters(rule, nullptr)};
  std::size_t count = 1;
  for (const ParameterSpec& spec : rule.parameters) {
    count *= std::max<std::size_t>(1, choices_of(spec).size());
  }
  std::vector<Variant> all =
      count <= k_most ? combinations(rule, defaults) : one_by_one(rule, defaults);
  Variant other = defaults;
  for (std::size_t p = 0; p < rule.parameters.size(); ++p) {
    ParameterValue& value = other.parameters[p].value;
    if (auto* number = std::get_if<double>(&value)) *number = moved(rule.parameters[p], *number);
    if (auto* whole = std::get_if<std::int64_t>(&value)) {
      *whole = static_cast<std::int64_t>(moved(rule.parameters[p], static_cast<double>(*whole)));
    }
  }
  other.text = "every number moved";
  const auto differs = [&](std::size_t p) {
    return other.parameters[p].value != defaults.parameters[p].value;
  };
  for (std::size_t p = 0; p < other.parameters.size(); ++p) {
    if (!differs(p)) continue;
    all.push_back(other);
    break;
  }
  return all;
}

}  // namespace deltaw
