// SPDX-License-Identifier: Apache-2.0
// Keys that only some types of an object have.
#include "experiment/node.hpp"

#include <algorithm>

#include "core/nearest.hpp"

namespace deltaw::detail {

void check_keys(const Node& node, const std::vector<KeysOfType>& table,
                const std::vector<std::string>& common) {
  const auto type = node["type"].as<std::string>();
  const auto keys = std::find_if(table.begin(), table.end(),
                                 [&](const KeysOfType& entry) { return entry.type == type; });
  std::vector<std::string> known = {"type"};
  for (const auto* some : {&keys->required, &keys->optional, &common}) {
    known.insert(known.end(), some->begin(), some->end());
  }
  for (const auto& [key, unused] : node.json().items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      node[key].fail(Code::E502, fmt::format("is an unknown key of type '{}'", type),
                     {.hint = suggest(key, known)});
    }
  }
  for (const std::string& key : keys->required) {
    if (!node.has(key)) {
      node.fail(Code::E503, fmt::format("lacks the key '{}' of type '{}'", key, type));
    }
  }
}

}  // namespace deltaw::detail
