// SPDX-License-Identifier: Apache-2.0
#include "store/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "result/file.hpp"
#include "result/folder_lock.hpp"
#include "result/sums.hpp"
#include "store/runs.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

std::uint64_t bytes_below(const fs::path& path) {
  std::error_code gone;
  if (!fs::is_directory(path, gone)) return fs::file_size(path, gone);
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path, gone)) {
    if (entry.is_regular_file(gone)) bytes += entry.file_size(gone);
  }
  return bytes;
}

std::vector<Litter> litter_in(const fs::path& results) {
  std::vector<Litter> found;
  for (const auto& [name, what] :
       {std::pair("progress.jsonl", "progress of a process that is gone"),
        std::pair(".replaced", "runs that were replaced")}) {
    if (fs::exists(results / name)) {
      found.push_back({results / name, bytes_below(results / name), what});
    }
  }
  const auto look_at = [&](const fs::directory_entry& entry) {
    if (entry.is_regular_file() && entry.path().extension() == ".part") {
      found.push_back({entry.path(), entry.file_size(), "half of a file"});
    }
  };
  std::error_code none;
  std::ranges::for_each(fs::directory_iterator(results), look_at);
  std::ranges::for_each(fs::recursive_directory_iterator(results / "runs", none), look_at);
  for (const StoredRun& run : stored_runs(results)) {
    if (run.status != "finished" && run.status != "failed") continue;
    for (const auto& entry : fs::directory_iterator(run.folder)) {
      if (is_passing(entry.path()) && entry.path().extension() != ".part") {
        found.push_back({entry.path(), entry.file_size(), "state of a run that has ended"});
      }
    }
  }
  std::ranges::sort(found, {}, &Litter::file);
  return found;
}

}  // namespace

std::vector<Litter> sweep(const fs::path& results, bool is_dry) {
  const FolderLock lock(results);
  if (!lock.is_held()) {
    throw Error(Code::E600,
                fmt::format("the file system of '{}' knows no locks: another process may be "
                            "writing what would be removed",
                            results.string()));
  }
  std::vector<Litter> found = litter_in(results);
  for (const Litter& litter : found) {
    std::error_code reason;
    if (!is_dry) fs::remove_all(litter.file, reason);
    if (reason) refuse_to_write(litter.file, reason.value());
  }
  return found;
}

}  // namespace deltaw
