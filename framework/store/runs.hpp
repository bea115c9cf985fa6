// SPDX-License-Identifier: Apache-2.0
// The runs that lie in a folder of results, read one by one, so that a damaged one spoils no other.
// Free functions: any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace deltaw {

struct StoredRun {
  std::filesystem::path folder;
  std::string rule;
  std::uint64_t seed = 0;
  std::string status;     // "damaged" where run.json is
  nlohmann::json record;  // run.json; null where it is damaged
};

// All with a run.json, by rule, then seed.
[[nodiscard]] std::vector<StoredRun> stored_runs(const std::filesystem::path& results);

}  // namespace deltaw
