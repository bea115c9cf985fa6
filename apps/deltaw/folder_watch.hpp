// SPDX-License-Identifier: Apache-2.0
// Whether files below a folder are saved, made, moved or removed. One thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>

namespace deltaw {

class FolderWatch {
 public:
  // Looks at neither "build" nor "target", where results of a build lie, nor at names that begin
  // with a dot. Errors: E603 when there is no such folder, E600 when the system can watch no more.
  explicit FolderWatch(std::filesystem::path folder);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  // Waits until something has changed and then been left alone for a moment, since editors save in
  // several steps; false when nothing has within `time`.
  [[nodiscard]] bool wait(std::chrono::milliseconds time);

 private:
  void add(const std::filesystem::path& folder);
  bool read_events(std::chrono::milliseconds time);

  int descriptor_;
  std::map<int, std::filesystem::path> folders_;
};

}  // namespace deltaw
