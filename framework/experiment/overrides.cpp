// SPDX-License-Identifier: Apache-2.0
// A walk along document and schema at once: the document knows what is there, the schema what may
// be.
#include "experiment/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw::detail {
namespace {

using nlohmann::json;

// The alternatives that a schema offers, its references followed.
std::vector<const json*> alternatives(const json& root, const json& schema) {
  if (schema.contains("$ref")) {
    const auto pointer = schema["$ref"].get<std::string>().substr(1);
    return alternatives(root, root.at(json::json_pointer(pointer)));
  }
  if (!schema.contains("anyOf")) return {&schema};
  std::vector<const json*> all;
  for (const json& part : schema["anyOf"]) {
    const auto some = alternatives(root, part);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

class Walk {
 public:
  Walk(json& document, const json& schema, std::string_view path)
      : root_(schema), schemas_{&schema}, at_(&document), rest_(path), path_(path) {}

  json& end() {
    while (!rest_.empty()) {
      if (at_->is_array()) {
        step_into_array();
      } else if (at_->is_object()) {
        step_into_object();
      } else {
        fail(fmt::format("'{}' is no object or array", walked()), at_->dump());
      }
    }
    return *at_;
  }

 private:
  std::string_view walked() const {
    const std::size_t size = path_.size() - rest_.size();
    return path_.substr(0, size == 0 ? 0 : size - 1);
  }

  [[noreturn]] void fail(const std::string& problem, std::string found,
                         std::string hint = "") const {
    throw Error(Code::E504, fmt::format("--set {}: {}", path_, problem),
                {.found = std::move(found), .hint = std::move(hint)});
  }

  std::string_view next_segment() const { return rest_.substr(0, rest_.find('.')); }

  void consume(std::size_t size) { rest_.remove_prefix(std::min(rest_.size(), size + 1)); }

  void descend(json& child, std::vector<const json*> schemas) {
    at_ = &child;
    schemas_ = std::move(schemas);
  }

  // Schemas of what lies under `word` ("items") in any of the present alternatives.
  std::vector<const json*> below(const char* word) const {
    std::vector<const json*> found;
    for (const json* schema : schemas_) {
      for (const json* part : alternatives(root_, *schema)) {
        if (part->contains(word)) found.push_back(&part->at(word));
      }
    }
    return found;
  }

  // Names may hold dots, so the longest one that fits is meant.
  void step_into_array() {
    std::vector<std::string> names;
    json* chosen = nullptr;
    std::size_t length = 0;
    for (json& element : *at_) {
      if (!element.is_object() || !element.contains("name")) continue;
      const auto name = element["name"].get<std::string>();
      names.push_back(name);
      const bool fits = rest_.substr(0, name.size()) == name &&
                        (rest_.size() == name.size() || rest_[name.size()] == '.');
      if (fits && name.size() >= length) {
        chosen = &element;
        length = name.size();
      }
    }
    const std::string segment(next_segment());
    if (chosen == nullptr) {
      std::size_t index = 0;
      const char* last = segment.data() + segment.size();
      const auto parsed = std::from_chars(segment.data(), last, index);
      if (parsed.ec == std::errc() && parsed.ptr == last && index < at_->size()) {
        chosen = &(*at_)[index];
        length = segment.size();
      }
    }
    if (chosen == nullptr) {
      const std::string hint =
          names.empty() ? fmt::format("an index below {}", at_->size()) : suggest(segment, names);
      fail(fmt::format("'{}' has no element '{}'", walked(), segment), "", hint);
    }
    consume(length);
    descend(*chosen, below("items"));
  }

  void step_into_object() {
    const std::string key(next_segment());
    std::vector<const json*> schemas;
    std::vector<std::string> known;
    for (const json* properties : below("properties")) {
      for (const auto& [name, schema] : properties->items()) {
        known.push_back(name);
        if (name == key) schemas.push_back(&schema);
      }
    }
    for (const json* others : below("additionalProperties")) {
      if (others->is_object() && schemas.empty()) schemas.push_back(others);
    }
    if (schemas.empty() || key.empty()) {
      const std::string where = walked().empty() ? "an experiment" : fmt::format("'{}'", walked());
      fail(fmt::format("{} has no key '{}'", where, key), "", suggest(key, known));
    }
    consume(key.size());
    json& child = (*at_)[key];
    if (child.is_null() && !rest_.empty()) child = json::object();
    descend(child, std::move(schemas));
  }

  const json& root_;
  std::vector<const json*> schemas_;
  json* at_;
  std::string_view rest_, path_;
};

json as_string(const std::string& assignment, std::size_t first) {
  json value = assignment.substr(first);
  try {
    (void)value.dump();
  } catch (const json::type_error&) {
    throw Error(Code::E504, fmt::format("--set {}: the value is not UTF-8",
                                        std::string_view(assignment).substr(0, first - 1)));
  }
  return value;
}

}  // namespace

void apply_override(json& document, const json& schema, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(Code::E504, fmt::format("--set {}: names no value", assignment),
                {.expected = "path=value", .hint = "--set training.epochs=5"});
  }
  json value = json::parse(assignment.begin() + static_cast<std::ptrdiff_t>(equals) + 1,
                           assignment.end(), nullptr, false);
  if (value.is_discarded()) value = as_string(assignment, equals + 1);
  Walk(document, schema, std::string_view(assignment).substr(0, equals)).end() = std::move(value);
}

}  // namespace deltaw::detail
