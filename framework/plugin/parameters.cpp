// SPDX-License-Identifier: Apache-2.0
// Checking the parameters of a rule against their declarations.
#include "plugin/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
using Type = ParameterSpec::Type;

// JSON numbers beyond this are no longer exact integers once they have been a double.
constexpr double exact = 9007199254740992.0;

[[noreturn]] void refuse(const ParameterSpec& spec, const json& given) {
  const std::string found = given.dump(-1, ' ', true, json::error_handler_t::replace);
  const std::string text = given.is_string() ? given.get<std::string>() : "";
  const std::string near = spec.type == Type::choice ? nearest(text, spec.values) : "";
  throw Error(Code::E202, fmt::format("parameter '{}' cannot be {}", spec.name, found),
              {.expected = allowed(spec),
               .found = found,
               .hint = near.empty() ? "" : fmt::format("did you mean '{}'?", near)});
}

bool is_in_range(const ParameterSpec& spec, double value) {
  if (!std::isfinite(value)) return false;
  if (spec.minimum && (value < *spec.minimum || (spec.exclusive_minimum && value == *spec.minimum)))
    return false;
  if (spec.maximum && (value > *spec.maximum || (spec.exclusive_maximum && value == *spec.maximum)))
    return false;
  return true;
}

bool is_integral(const json& given) {
  if (given.is_number_unsigned()) return given.get<std::uint64_t>() <= INT64_MAX;
  if (given.is_number_integer()) return true;
  if (!given.is_number_float()) return false;
  const auto value = given.get<double>();
  return std::trunc(value) == value && std::abs(value) <= exact;
}

bool is_of_type(const ParameterSpec& spec, const json& given) {
  switch (spec.type) {
    case Type::number:
      return given.is_number();
    case Type::integer:
      return is_integral(given);
    case Type::boolean:
      return given.is_boolean();
    case Type::string:
    case Type::choice:
      return given.is_string() &&
             given.get_ref<const std::string&>().find('\0') == std::string::npos;
  }
  return false;
}

}  // namespace

ParameterValue parse_value(const ParameterSpec& spec, const json& given) {
  if (!is_of_type(spec, given)) refuse(spec, given);
  if (given.is_number() && !is_in_range(spec, given.get<double>())) refuse(spec, given);
  switch (spec.type) {
    case Type::number:
      return given.get<double>();
    case Type::integer:
      return given.get<std::int64_t>();
    case Type::boolean:
      return given.get<bool>();
    case Type::choice:
      if (const auto& text = given.get_ref<const std::string&>();
          std::find(spec.values.begin(), spec.values.end(), text) == spec.values.end()) {
        refuse(spec, given);
      }
      [[fallthrough]];
    case Type::string:
      break;
  }
  return given.get<std::string>();
}

bool counts(const RuleSpec& rule, const ParameterSpec& spec, const json& given) {
  if (!spec.when) return true;
  const auto choice = std::ranges::find(rule.parameters, spec.when->choice, &ParameterSpec::name);
  const ParameterValue value =
      given.contains(choice->name) ? parse_value(*choice, given[choice->name]) : choice->fallback;
  return std::ranges::count(spec.when->values, std::get<std::string>(value)) > 0;
}

std::vector<ResolvedParameter> resolve_parameters(const RuleSpec& rule, const json& given) {
  if (!given.is_object() && !given.is_null()) {
    throw Error(Code::E202, fmt::format("parameters of rule '{}'", rule.id),
                {.expected = "object", .found = given.type_name()});
  }
  for (const auto& [name, value] : given.items()) {
    const auto has_name = [&key = name](const ParameterSpec& spec) { return spec.name == key; };
    if (std::any_of(rule.parameters.begin(), rule.parameters.end(), has_name)) continue;
    std::vector<std::string> known;
    for (const ParameterSpec& spec : rule.parameters) known.push_back(spec.name);
    throw Error(Code::E201, fmt::format("rule '{}' has no parameter '{}'", rule.id, name),
                {.hint = known.empty() ? "leave it out: the rule has no parameters"
                                       : suggest(name, known)});
  }
  std::vector<ResolvedParameter> resolved;
  for (const ParameterSpec& spec : rule.parameters) {
    const ParameterValue value =
        given.contains(spec.name) ? parse_value(spec, given[spec.name]) : spec.fallback;
    if (value != spec.fallback && !counts(rule, spec, given)) {
      throw Error(Code::E202,
                  fmt::format("parameter '{}' of rule '{}' has no effect here", spec.name, rule.id),
                  {.expected = condition_text(*spec.when), .hint = "leave it out"});
    }
    resolved.push_back({spec.name, value});
  }
  return resolved;
}

std::vector<deltaw_param> abi_parameters(const std::vector<ResolvedParameter>& parameters) {
  std::vector<deltaw_param> out;
  for (const ResolvedParameter& parameter : parameters) {
    deltaw_param param{parameter.name.c_str(), 0, 0, {0}};
    if (const auto* number = std::get_if<double>(&parameter.value)) {
      param.kind = DELTAW_PARAM_F64;
      param.value.f64 = *number;
    } else if (const auto* integer = std::get_if<std::int64_t>(&parameter.value)) {
      param.kind = DELTAW_PARAM_I64;
      param.value.i64 = *integer;
    } else if (const auto* boolean = std::get_if<bool>(&parameter.value)) {
      param.kind = DELTAW_PARAM_BOOL;
      param.value.i64 = *boolean ? 1 : 0;
    } else {
      param.kind = DELTAW_PARAM_STR;
      param.value.str = std::get<std::string>(parameter.value).c_str();
    }
    out.push_back(param);
  }
  return out;
}

std::string condition_text(const Condition& when) {
  return fmt::format("{} {}", when.choice, fmt::join(when.values, " or "));
}

std::string allowed(const ParameterSpec& spec) {
  if (spec.type == Type::choice) return fmt::format("one of {}", fmt::join(spec.values, ", "));
  std::string text(name_of(spec.type));
  if (spec.minimum && spec.maximum) {
    text += fmt::format(" in {}{}, {}{}", spec.exclusive_minimum ? '(' : '[', *spec.minimum,
                        *spec.maximum, spec.exclusive_maximum ? ')' : ']');
  } else if (spec.minimum) {
    text += fmt::format(" {} {}", spec.exclusive_minimum ? ">" : ">=", *spec.minimum);
  } else if (spec.maximum) {
    text += fmt::format(" {} {}", spec.exclusive_maximum ? "<" : "<=", *spec.maximum);
  }
  return text;
}

json to_json(const ParameterValue& value) {
  return std::visit([](const auto& v) { return json(v); }, value);
}

}  // namespace deltaw
