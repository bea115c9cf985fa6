// SPDX-License-Identifier: Apache-2.0
// Files are replaced and never changed, so that size and time of the last change tell one from the
// next; a run that ended stays so until its comparison is begun again.
#include "store/listing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "result/file.hpp"
#include "result/progress_file.hpp"
#include "result/shard.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int k_depth = 4;  // of folders below the root that are looked into

// Folders are written, removed and closed to us while we look.
bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

std::string text_in(const json& document, const char* key) {
  if (!document.is_object() || !document.contains(key) || !document[key].is_string()) return "";
  return document[key];
}

std::string stamp_of(const fs::path& folder) {
  std::string stamp;
  for (const char* name : {"experiment.json", "provenance.json", "summary.json", "report.html"}) {
    std::error_code missing;
    const auto time = fs::last_write_time(folder / name, missing).time_since_epoch().count();
    const auto size = fs::file_size(folder / name, missing);
    stamp += missing ? "- " : fmt::format("{},{} ", time, size);
  }
  return stamp;
}

// Adds to `ended` the runs that have ended since.
void look_for_ended(const fs::path& folder, std::set<fs::path>& ended) {
  std::error_code ignored;
  for (const auto& arm : fs::directory_iterator(folder / "runs", ignored)) {
    for (const auto& run : fs::directory_iterator(arm.path(), ignored)) {
      if (ended.contains(run.path())) continue;
      const std::string status = text_in(json_in(run.path() / "run.json"), "status");
      if (!status.empty() && status != "interrupted") ended.insert(run.path());
    }
  }
}

std::size_t wanted_runs(const json& experiment, const std::string& shard) {
  if (!experiment.is_object() || !experiment.contains("rules") || !experiment.contains("seeds")) {
    return 0;
  }
  if (!shard.empty()) {
    try {
      return share_of(shard_in(shard).value_or(Shard()), experiment).size();
    } catch (const Error&) {
    }
  }
  return experiment["rules"].size() * experiment["seeds"].size();
}

}  // namespace

bool has_results(const fs::path& folder) {
  return see_progress(folder).is_there ||
         (is_there(folder / "experiment.json") && is_there(folder / "provenance.json"));
}

json Listing::entry_of(const fs::path& folder) {
  const ProgressSight progress = see_progress(folder);
  Known& known = known_[folder];
  const std::string stamp = stamp_of(folder);
  if (known.stamp != stamp) known = {stamp, {}, {}};
  // A comparison under way, or one that was killed, has a file that tells of its progress.
  if (!progress.is_there && !known.entry.is_null()) return known.entry;
  json entry = {{"state", "stopped"}, {"name", folder.filename().string()}};
  const json experiment = json_in(folder / "experiment.json");
  const json provenance = json_in(folder / "provenance.json");
  if (const std::string name = text_in(experiment, "name"); !name.empty()) entry["name"] = name;
  const std::string shard = text_in(provenance, "shard");
  if (!shard.empty()) entry["shard"] = shard;
  const std::size_t wanted = wanted_runs(experiment, shard);
  if (wanted > 0) entry["runs"] = wanted;
  look_for_ended(folder, known.ended);
  entry["done"] = known.ended.size();
  const bool is_complete = !shard.empty() || is_there(folder / "summary.json");
  if (progress.is_written) {
    entry["state"] = "running";
  } else if (is_complete && wanted == known.ended.size()) {
    entry["state"] = "finished";
  }
  entry["has_report"] = is_there(folder / "report.html");
  entry["started"] = text_in(provenance, "started");
  entry["folder"] = folder == root_ ? "." : folder.lexically_relative(root_).string();
  if (!progress.is_there) known.entry = entry;
  return entry;
}

void Listing::collect(const fs::path& folder, int depth, json& list) {
  if (has_results(folder)) {
    list.push_back(entry_of(folder));
    return;
  }
  if (depth == 0) return;
  std::error_code ignored;
  for (const auto& inside : fs::directory_iterator(folder, ignored)) {
    if (inside.is_symlink(ignored) || !inside.is_directory(ignored)) continue;
    if (!inside.path().filename().string().starts_with(".")) {
      collect(inside.path(), depth - 1, list);
    }
  }
}

json Listing::entries() {
  const std::scoped_lock lock(mutex_);
  json all = json::array();
  collect(root_, k_depth, all);
  std::ranges::sort(all.get_ref<json::array_t&>(), [](const json& a, const json& b) {
    const auto key = [](const json& entry) {
      return std::pair(entry.value("started", ""), entry.value("folder", ""));
    };
    return key(a) > key(b);
  });
  return all;
}

}  // namespace deltaw
