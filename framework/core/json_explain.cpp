// SPDX-License-Identifier: Apache-2.0
// A walk along document and schema at once.
#include "core/json_explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/nearest.hpp"

namespace deltaw::detail {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;
using Kind = Violation::Kind;
using Result = std::optional<Violation>;

std::string show(const json& value) {
  switch (value.type()) {
    case json::value_t::object:
      return "object";
    case json::value_t::array:
      return fmt::format("array of {}", value.size());
    case json::value_t::null:
      return "null";
    default:
      break;
  }
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return fmt::format("{} {}", value.type_name(), text);
}

bool has_type(const json& value, const std::string& type) {
  if (type == "number") return value.is_number();
  if (type == "integer") return value.is_number_integer();
  return type == value.type_name();
}

class Explainer {
 public:
  explicit Explainer(const json& root) : root_(root) {}

  Result check(const json& value, const json& schema, const Pointer& at) const {
    if (schema.is_boolean()) {
      if (schema.get<bool>()) return {};
      return violation(Kind::other, at, "is not allowed", {"nothing"}, value);
    }
    if (schema.contains("$ref")) return check(value, resolve(schema), at);
    if (auto found = check_type(value, schema, at)) return found;
    if (auto found = check_choice(value, schema, at)) return found;
    if (value.is_object()) {
      if (auto found = check_object(value, schema, at)) return found;
    }
    if (value.is_array()) {
      if (auto found = check_array(value, schema, at)) return found;
    }
    if (auto found = check_range(value, schema, at)) return found;
    return check_combined(value, schema, at);
  }

 private:
  static Violation violation(Kind kind, const Pointer& at, std::string problem,
                             std::vector<std::string> expected, const json& value) {
    return {kind, at.to_string(), std::move(problem), std::move(expected), show(value), ""};
  }

  const json& resolve(const json& schema) const {
    return root_.at(Pointer(schema.at("$ref").get<std::string>().substr(1)));
  }

  static Result check_type(const json& value, const json& schema, const Pointer& at) {
    if (!schema.contains("type")) return {};
    const json& type = schema["type"];
    const auto types = type.is_array() ? type.get<std::vector<std::string>>()
                                       : std::vector{type.get<std::string>()};
    for (const auto& name : types) {
      if (has_type(value, name)) return {};
    }
    return violation(Kind::type, at, "has the wrong type", types, value);
  }

  static Result check_choice(const json& value, const json& schema, const Pointer& at) {
    json choices = json::array();
    if (schema.contains("const")) choices.push_back(schema["const"]);
    if (schema.contains("enum")) choices = schema["enum"];
    if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) {
      return {};
    }
    Violation found = violation(Kind::choice, at, "is not one of the choices", {}, value);
    std::vector<std::string> names;
    for (const json& choice : choices) {
      found.expected.push_back(choice.dump());
      if (choice.is_string()) names.push_back(choice);
    }
    if (value.is_string()) {
      const std::string near = nearest(value.get<std::string>(), names);
      if (!near.empty()) found.hint = fmt::format("did you mean \"{}\"?", near);
    }
    return found;
  }

  // Every key that some part of the schema knows at this place.
  void known_keys(const json& schema, std::set<std::string>& keys) const {
    if (!schema.is_object()) return;
    if (schema.contains("$ref")) return known_keys(resolve(schema), keys);
    if (schema.contains("properties")) {
      for (const auto& [key, unused] : schema["properties"].items()) keys.insert(key);
    }
    for (const char* word : {"allOf", "anyOf", "oneOf"}) {
      if (!schema.contains(word)) continue;
      for (const json& part : schema[word]) known_keys(part, keys);
    }
    for (const char* word : {"then", "else"}) {
      if (schema.contains(word)) known_keys(schema[word], keys);
    }
  }

  Violation unknown_key(const std::string& key, const json& schema, const Pointer& at) const {
    std::set<std::string> keys;
    known_keys(schema, keys);
    Violation found{Kind::unknown_key, (at / key).to_string(), "is an unknown key", {}, "", ""};
    found.hint = suggest(key, {keys.begin(), keys.end()});
    return found;
  }

  static Violation missing_key(const json& object, const std::string& key, const json& schema,
                               const Pointer& at) {
    std::vector<std::string> present, unknown;
    for (const auto& [name, unused] : object.items()) {
      present.push_back(name);
      if (!schema.contains("properties") || !schema["properties"].contains(name)) {
        unknown.push_back(name);
      }
    }
    Violation found{Kind::other,
                    at.to_string(),
                    fmt::format("lacks the key '{}'", key),
                    {fmt::format("'{}'", key)},
                    "",
                    ""};
    found.found = present.empty() ? "no keys" : fmt::format("{}", fmt::join(present, ", "));
    const std::string near = nearest(key, unknown);
    if (!near.empty()) found.hint = fmt::format("rename '{}' to '{}'", near, key);
    return found;
  }

  Result check_object(const json& object, const json& schema, const Pointer& at) const {
    const json none = json::object();
    const json& properties = schema.contains("properties") ? schema["properties"] : none;
    const json others = schema.value("additionalProperties", json(true));
    if (others == false && !schema.contains("patternProperties")) {
      for (const auto& [key, unused] : object.items()) {
        if (!properties.contains(key)) return unknown_key(key, schema, at);
      }
    }
    if (schema.contains("propertyNames")) {
      for (const auto& [key, unused] : object.items()) {
        if (auto found = check(json(key), schema["propertyNames"], at / key)) return found;
      }
    }
    if (schema.contains("required")) {
      for (const json& key : schema["required"]) {
        const auto name = key.get<std::string>();
        if (!object.contains(name)) return missing_key(object, name, schema, at);
      }
    }
    for (const auto& [key, value] : object.items()) {
      const bool is_named = properties.contains(key);
      if (!is_named && !others.is_object()) continue;
      if (auto found = check(value, is_named ? properties[key] : others, at / key)) return found;
    }
    return check_count(object, schema, "minProperties", "maxProperties", "keys", at);
  }

  Result check_array(const json& array, const json& schema, const Pointer& at) const {
    if (auto found = check_count(array, schema, "minItems", "maxItems", "elements", at)) {
      return found;
    }
    if (schema.value("uniqueItems", false)) {
      for (std::size_t i = 0; i < array.size(); ++i) {
        if (std::find(array.begin(), array.begin() + static_cast<std::ptrdiff_t>(i), array[i]) !=
            array.begin() + static_cast<std::ptrdiff_t>(i)) {
          return violation(Kind::other, at / i, "occurs twice", {"distinct elements"}, array[i]);
        }
      }
    }
    if (!schema.contains("items")) return {};
    const json& items = schema["items"];
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (items.is_array() && i >= items.size()) break;
      if (auto found = check(array[i], items.is_array() ? items[i] : items, at / i)) return found;
    }
    return {};
  }

  static Result check_count(const json& value, const json& schema, const char* least,
                            const char* most, const char* what, const Pointer& at) {
    const auto size = value.is_string() ? value.get_ref<const std::string&>().size() : value.size();
    const auto bad = [&](const char* word, const char* problem, const char* bound) {
      return violation(Kind::other, at, problem,
                       {fmt::format("at {} {} {}", bound, schema[word].dump(), what)}, value);
    };
    if (schema.contains(least) && size < schema[least].get<std::size_t>()) {
      return bad(least, "is too short", "least");
    }
    if (schema.contains(most) && size > schema[most].get<std::size_t>()) {
      return bad(most, "is too long", "most");
    }
    return {};
  }

  static Result check_range(const json& value, const json& schema, const Pointer& at) {
    if (value.is_string()) {
      return check_count(value, schema, "minLength", "maxLength", "characters", at);
    }
    if (!value.is_number()) return {};
    const auto x = value.get<double>();
    const auto bad = [&](const char* word, const char* sign) {
      return violation(Kind::other, at, "is out of range",
                       {fmt::format("number {} {}", sign, schema[word].dump())}, value);
    };
    const auto bound = [&](const char* word) { return schema[word].get<double>(); };
    if (schema.contains("minimum") && x < bound("minimum")) return bad("minimum", ">=");
    if (schema.contains("maximum") && x > bound("maximum")) return bad("maximum", "<=");
    if (schema.contains("exclusiveMinimum") && x <= bound("exclusiveMinimum")) {
      return bad("exclusiveMinimum", ">");
    }
    if (schema.contains("exclusiveMaximum") && x >= bound("exclusiveMaximum")) {
      return bad("exclusiveMaximum", "<");
    }
    return {};
  }

  Result check_combined(const json& value, const json& schema, const Pointer& at) const {
    if (schema.contains("allOf")) {
      for (const json& part : schema["allOf"]) {
        if (auto found = check(value, part, at)) return found;
      }
    }
    if (schema.contains("if")) {
      const char* branch = check(value, schema["if"], at) ? "else" : "then";
      if (schema.contains(branch)) {
        if (auto found = check(value, schema[branch], at)) return found;
      }
    }
    for (const char* word : {"anyOf", "oneOf"}) {
      if (!schema.contains(word)) continue;
      if (auto found = check_alternatives(value, schema[word], at)) return found;
    }
    return {};
  }

  // A property that tells alternatives apart ("type": "sgd"), when the value's own differs.
  Result check_discriminator(const json& value, const json& alternative, const Pointer& at) const {
    if (!alternative.is_object()) return {};
    if (alternative.contains("$ref")) return check_discriminator(value, resolve(alternative), at);
    if (!value.is_object() || !alternative.contains("properties")) return {};
    for (const auto& [key, property] : alternative["properties"].items()) {
      if (!value.contains(key) || !property.contains("const")) continue;
      if (auto found = check_choice(value[key], property, at / key)) return found;
    }
    return {};
  }

  // Alternatives that fail already by their type or by a choice are not meant. When all fail so,
  // the deepest such place may hold what any of the alternatives failing there expects.
  Result check_alternatives(const json& value, const json& alternatives, const Pointer& at) const {
    Result merged, meant;
    const std::string here = at.to_string();
    for (const json& alternative : alternatives) {
      auto found = check_discriminator(value, alternative, at);
      if (!found) found = check(value, alternative, at);
      if (!found) return {};
      const bool is_ruled_out =
          found->kind == Kind::choice || (found->kind == Kind::type && found->pointer == here);
      if (!is_ruled_out) {
        if (!meant) meant = std::move(found);
      } else if (!merged || merged->pointer.size() < found->pointer.size()) {
        merged = std::move(found);
      } else if (merged->pointer == found->pointer) {
        merged->expected.insert(merged->expected.end(), found->expected.begin(),
                                found->expected.end());
        if (merged->hint.empty()) merged->hint = found->hint;
      }
    }
    return meant ? meant : merged;
  }

  const json& root_;
};

}  // namespace

std::optional<Violation> explain(const json& document, const json& schema) {
  return Explainer(schema).check(document, schema, Pointer());
}

}  // namespace deltaw::detail
