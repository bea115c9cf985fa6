// SPDX-License-Identifier: Apache-2.0
// The right to write a folder of results, which one process has at a time. It ends with its holder,
// however that ended. One thread.
#pragma once

#include <filesystem>

namespace deltaw {

class FolderLock {
 public:
  // Waits a moment for a process that is about to end. Processes forked by the holder, which write
  // the folder too, hold it with him. Errors: E600 while another process has it, E600 and E602 when
  // there is nowhere to note who has it.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();  // the note is gone
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  // False where the file system knows no locks: nothing then keeps another process out.
  [[nodiscard]] bool is_held() const { return descriptor_ >= 0; }

 private:
  bool take();
  void note_holder() const;

  std::filesystem::path file_;
  int descriptor_ = -1;
};

// Whether a process writes this folder now.
[[nodiscard]] bool is_locked(const std::filesystem::path& folder);

// Its name in a folder.
inline constexpr const char* k_lock_file = ".lock";

}  // namespace deltaw
