// SPDX-License-Identifier: Apache-2.0
// Reading JSON files and checking them against a JSON Schema, with named errors. Any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "core/error.hpp"

namespace deltaw {

// Which codes a caller wants for the ways in which a document can be wrong.
struct JsonCodes {
  Code missing, syntax, unknown_key, value;
};

// The document in `file`. Errors: missing (with the folder's nearest name), syntax as
// file:line:column.
[[nodiscard]] nlohmann::json read_json(const std::filesystem::path& file, const JsonCodes& codes);

// A JSON Schema (draft 7), compiled once: compiling costs more than checking a small document.
class JsonSchema {
 public:
  explicit JsonSchema(nlohmann::json schema);
  ~JsonSchema();
  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  // Throws unless `document` satisfies the schema. `origin` names the document in messages.
  // An unknown key is reported with its JSON pointer and the nearest key that the schema knows
  // there; any other violation with its pointer, what the schema expects and what was found.
  void check(const nlohmann::json& document, std::string_view origin, const JsonCodes& codes) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

// The same for a schema that is used once.
void validate(const nlohmann::json& document, const nlohmann::json& schema, std::string_view origin,
              const JsonCodes& codes);

}  // namespace deltaw
