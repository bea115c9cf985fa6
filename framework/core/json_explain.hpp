// SPDX-License-Identifier: Apache-2.0
// Why a document does not satisfy a JSON Schema, in words: valijson judges, this explains.
// Internal to core/json.cpp. Pure functions: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace deltaw::detail {

struct Violation {
  enum class Kind { unknown_key, type, choice, other };

  Kind kind = Kind::other;
  std::string pointer;  // JSON pointer of the value, "" for the document itself
  std::string problem;  // "has the wrong type"
  std::vector<std::string> expected;
  std::string found, hint;
};

// The first violation in reading order, unknown keys of an object before all else in it; of several
// alternatives, that of the one which the document most likely means. None when the document
// satisfies the keywords known here: type, enum, const, properties, required, additionalProperties,
// propertyNames, items, counts, ranges, $ref (within the schema), allOf, anyOf, oneOf, if.
[[nodiscard]] std::optional<Violation> explain(const nlohmann::json& document,
                                               const nlohmann::json& schema);

}  // namespace deltaw::detail
