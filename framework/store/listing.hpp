// SPDX-License-Identifier: Apache-2.0
// The folders of results below one folder, told again and again while others write them: what
// cannot have changed is not read again. Any thread.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

namespace deltaw {

// Whether it has experiment.json and provenance.json, or progress.jsonl.
[[nodiscard]] bool has_results(const std::filesystem::path& folder);

class Listing {
 public:
  explicit Listing(std::filesystem::path root) : root_(std::move(root)) {}

  // [{folder, name, state, runs, done, has_report, started, and of a shard: shard}], the newest
  // first. `folder` is below the root, "." the root itself; folders inside folders of results are
  // not looked into. State is "running", "finished", or "stopped" where it can go on.
  [[nodiscard]] nlohmann::json entries();

 private:
  // What was told of a folder, when its files were as `stamp` says.
  struct Known {
    std::string stamp;
    nlohmann::json entry;
    std::set<std::filesystem::path> ended;  // runs
  };

  void collect(const std::filesystem::path& folder, int depth, nlohmann::json& list);
  nlohmann::json entry_of(const std::filesystem::path& folder);

  std::filesystem::path root_;
  std::mutex mutex_;
  std::map<std::filesystem::path, Known> known_;
};

}  // namespace deltaw
