// SPDX-License-Identifier: Apache-2.0
// Bytes of a plain or gzip file, one after another. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

namespace deltaw {

// Tells gzip by its first bytes, not by its name. zlib's own gzread lets garbage after the stream
// pass in silence; here it is an error.
class ByteSource {
 public:
  // Errors: E400 not readable, E402 named .gz but not gzip.
  explicit ByteSource(const std::filesystem::path& file);
  ~ByteSource();
  ByteSource(ByteSource&&) noexcept;
  ByteSource& operator=(ByteSource&&) = delete;

  // Fills `into` with the next `count` bytes and returns how many there were: less than `count`
  // only at the end. Errors: E401 damaged or truncated gzip.
  [[nodiscard]] std::size_t read(void* into, std::size_t count);

  // No more bytes than this can come, whatever a header inside promises.
  [[nodiscard]] std::uint64_t at_most() const { return at_most_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  struct Inflater;

  void fill();
  std::size_t inflate_into(unsigned char* into, std::size_t count);

  std::filesystem::path file_;
  std::ifstream stream_;
  std::uint64_t at_most_ = 0;
  std::vector<unsigned char> input_;  // compressed bytes; [next_, filled_) are still to be used
  std::size_t next_ = 0, filled_ = 0;
  std::unique_ptr<Inflater> inflater_;  // null for a plain file
};

}  // namespace deltaw
