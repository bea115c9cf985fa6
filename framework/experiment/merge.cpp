// SPDX-License-Identifier: Apache-2.0
#include "experiment/merge.hpp"

#include <nlohmann/json.hpp>

namespace deltaw::detail {

using nlohmann::json;

json merged(const json& base, const json& change) {
  if (!base.is_object() || !change.is_object() || change.contains("type")) return change;
  json result = base;
  for (const auto& [key, value] : change.items()) {
    result[key] = base.contains(key) ? merged(base[key], value) : value;
  }
  return result;
}

}  // namespace deltaw::detail
