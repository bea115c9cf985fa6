// SPDX-License-Identifier: Apache-2.0
#include "core/error_bytes.hpp"

#include <nlohmann/json.hpp>

namespace deltaw {

using nlohmann::json;

std::string bytes_of(const Error& error) {
  return json{{"code", static_cast<int>(error.code())},
              {"headline", error.headline()},
              {"expected", error.detail().expected},
              {"found", error.detail().found},
              {"hint", error.detail().hint}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Error error_of(const std::string& bytes) {
  const json error = json::parse(bytes);
  return {static_cast<Code>(error["code"].get<int>()),
          error["headline"].get<std::string>(),
          {.expected = error["expected"], .found = error["found"], .hint = error["hint"]}};
}

}  // namespace deltaw
