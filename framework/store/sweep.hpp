// SPDX-License-Identifier: Apache-2.0
// What is left in a folder of results and belongs to nothing: half of files, and states of runs
// that have ended, of processes that were killed. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace deltaw {

struct Litter {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  const char* what = "";  // "half of a file", ...
};

// Finds it and, unless `is_dry`, removes it. The folder is locked meanwhile. Errors: E600 while
// another process writes it, where it knows no locks, or when a file cannot be removed.
[[nodiscard]] std::vector<Litter> sweep(const std::filesystem::path& results, bool is_dry);

}  // namespace deltaw
