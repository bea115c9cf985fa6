// SPDX-License-Identifier: Apache-2.0
// A value inside an experiment that satisfies the schema, together with its place for messages.
// Internal to experiment/. Refers to the document: it must outlive the node. Any thread.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace deltaw::detail {

class Node {
 public:
  // `place` is a JSON pointer, "" for the document itself.
  Node(const nlohmann::json& value, std::string_view origin, std::string place = "")
      : value_(&value), origin_(origin), place_(std::move(place)) {}

  [[nodiscard]] const nlohmann::json& json() const { return *value_; }
  [[nodiscard]] bool has(const std::string& key) const { return value_->contains(key); }
  // REQUIRES: the key is there; `items`: the value is an array.
  [[nodiscard]] Node operator[](const std::string& key) const {
    return {value_->at(key), origin_, place_ + "/" + key};
  }
  [[nodiscard]] std::vector<Node> items() const {
    std::vector<Node> nodes;
    for (const auto& item : *value_) {
      nodes.emplace_back(item, origin_, fmt::format("{}/{}", place_, nodes.size()));
    }
    return nodes;
  }

  // This value, or that of `key` where it is there.
  template <class V>
  [[nodiscard]] V as() const {
    return value_->template get<V>();
  }
  template <class V>
  void read(const std::string& key, V& into) const {
    if (has(key)) into = value_->at(key).template get<V>();
  }

  // Another value at this place, such as one that was merged from two.
  [[nodiscard]] Node with(const nlohmann::json& value) const { return {value, origin_, place_}; }

  // "<origin>: <place> <problem>".
  [[noreturn]] void fail(Code code, std::string_view problem, Detail detail = {}) const {
    throw Error(
        code, fmt::format("{}: {} {}", origin_, place_.empty() ? "the document" : place_, problem),
        std::move(detail));
  }

 private:
  const nlohmann::json* value_;
  std::string_view origin_;
  std::string place_;
};

// What the "type" of an object makes of its other keys.
struct KeysOfType {
  std::string_view type;
  std::vector<std::string> required, optional;
};

// Throws E502 for a key that the object's type does not have, E503 for one that it lacks; `common`
// are the keys of every type. REQUIRES: node has a "type" that is in the table.
void check_keys(const Node& node, const std::vector<KeysOfType>& table,
                const std::vector<std::string>& common = {});

}  // namespace deltaw::detail
