// SPDX-License-Identifier: Apache-2.0
// Whether files below a folder are saved, made, moved or removed. One thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>

namespace deltaw {

class FolderWatch {
 public:
  // Looks at neither "build" nor "target", where a build puts what it makes, nor at "results" or
  // `except`, nor at names that begin with a dot. Errors: E603 when there is no such folder, E600
  // when the system can watch no more.
  FolderWatch(const std::filesystem::path& folder, const std::filesystem::path& except);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  // Waits until something has changed and then been left alone for a moment, since editors save in
  // several steps; false when nothing has within `time`.
  [[nodiscard]] bool wait(std::chrono::milliseconds time);

 private:
  // Whether there is anything in it.
  bool add(const std::filesystem::path& folder);
  bool read_events(std::chrono::milliseconds time);

  int descriptor_;
  std::filesystem::path except_;
  std::map<int, std::filesystem::path> folders_;
};

}  // namespace deltaw
