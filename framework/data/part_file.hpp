// SPDX-License-Identifier: Apache-2.0
// A file that is still coming: FILE.part, which stays when the work stops and is gone on with
// later. One thread at a time; of several processes the second is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace deltaw {

class PartFile {
 public:
  // Opens FILE.part with what is in it, or makes it and the folders above. Errors, here and below:
  // E600 not writable, or in use by another process; E602 disk full.
  explicit PartFile(const std::filesystem::path& file);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::filesystem::path& path() const { return part_; }

  void append(const char* bytes, std::size_t count);
  void restart();  // as if nothing had come
  void discard();  // removed; nothing may follow
  void finish();   // on disk, under its own name; nothing may follow

 private:
  [[noreturn]] void refuse(int reason) const;

  std::filesystem::path file_, part_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace deltaw
