// SPDX-License-Identifier: Apache-2.0
// The manifest of a plugin: what is known of a library and its rules before any of its code runs.
// Plain values and pure functions: any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/rule_spec.hpp"

namespace deltaw {

struct Manifest {
  std::filesystem::path file;     // absolute, links resolved
  std::filesystem::path library;  // beside it; need not exist
  std::optional<std::string> sha256;
  std::uint32_t abi_major = 0, abi_minor = 0;  // lowest that the plugin can run on
  std::string platform, license;
  std::vector<RuleSpec> rules;
};

// Reads FILE.rule.json. Keys that this version does not know are ignored. Errors: E103 no such
// file, E110 not JSON, E111 a key missing or a value wrong, E112 newer schema, E113 library outside
// the folder, E135 and E136 made for another ABI.
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& file);

// The same from a document already read; `file` names it and tells where its library lies.
[[nodiscard]] Manifest parse_manifest(const nlohmann::json& document,
                                      const std::filesystem::path& file);

// For authors: unknown keys are errors too (E111, with the nearest known key).
void check_strictly(const nlohmann::json& document, std::string_view origin);

// Throws E135 or E136 unless this host can serve a plugin that needs ABI major.minor.
void check_abi(std::uint32_t major, std::uint32_t minor, std::string_view origin);

// "1.0"; "1.0.0", "1" and "1.x" are none.
[[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> parse_abi(
    std::string_view text);

}  // namespace deltaw
