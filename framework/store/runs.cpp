// SPDX-License-Identifier: Apache-2.0
#include "store/runs.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "result/file.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// "seed-12"; 0 for a folder of another name.
std::uint64_t seed_in(const std::string& name) {
  constexpr std::string_view k_before = "seed-";
  std::uint64_t seed = 0;
  if (name.starts_with(k_before)) {
    std::from_chars(name.data() + k_before.size(), name.data() + name.size(), seed);
  }
  return seed;
}

StoredRun read(const fs::path& folder) {
  StoredRun run{folder, folder.parent_path().filename(), seed_in(folder.filename()), "damaged", {}};
  json record = json_in(folder / "run.json");
  if (record.is_object() && record.contains("status") && record["status"].is_string() &&
      record.contains("metrics") && record["metrics"].is_object()) {
    run.status = record["status"];
    run.record = std::move(record);
  }
  return run;
}

}  // namespace

std::vector<StoredRun> stored_runs(const fs::path& results) {
  std::vector<StoredRun> runs;
  std::error_code ignored;
  for (const auto& rule : fs::directory_iterator(results / "runs", ignored)) {
    for (const auto& run : fs::directory_iterator(rule.path(), ignored)) {
      if (fs::exists(run.path() / "run.json", ignored)) runs.push_back(read(run.path()));
    }
  }
  std::ranges::sort(runs, {}, [](const StoredRun& run) { return std::tie(run.rule, run.seed); });
  return runs;
}

}  // namespace deltaw
