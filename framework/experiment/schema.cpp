// SPDX-License-Identifier: Apache-2.0
// Parses the embedded text once.
#include "experiment/schema.hpp"

#include <nlohmann/json.hpp>

#include "embedded/experiment_schema.hpp"

namespace deltaw {

const nlohmann::json& experiment_schema() {
  static const nlohmann::json schema = nlohmann::json::parse(embedded::experiment_schema);
  return schema;
}

}  // namespace deltaw
