// SPDX-License-Identifier: Apache-2.0
// The manifest of a fixture of tests/plugins/cheat.c.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "places.hpp"
#include "plugin/manifest.hpp"

namespace deltaw::test {

// With `change` merged into its one rule.
inline Manifest manifest_of(const std::string& name,
                            const nlohmann::json& change = nlohmann::json::object()) {
  nlohmann::json document = nlohmann::json::parse(R"({
    "schema": 1, "abi": "1.0",
    "rules": [{"id": "cheat", "version": "1.0.0", "summary": "a fixture",
      "signals": ["pre", "post"], "grain": "batch", "dynamics": ["static"],
      "locality": "synapse", "supervision": "none", "dtypes": ["f64"],
      "capabilities": ["deterministic"]}]})");
  document["library"] = name + ".so";
  document["rules"][0].update(change);
  const std::filesystem::path build = k_build_folder;
  return parse_manifest(document, build / "tests/plugins" / (name + ".rule.json"));
}

}  // namespace deltaw::test
