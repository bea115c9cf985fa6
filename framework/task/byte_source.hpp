// SPDX-License-Identifier: Apache-2.0
// Bytes of a plain or compressed file, one after another. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "task/packing.hpp"

namespace deltaw {

// Tells gzip and xz by their first bytes, not by the file's name.
class ByteSource {
 public:
  // Errors: E400 not readable, E402 named .gz or .xz and neither.
  explicit ByteSource(const std::filesystem::path& file);

  // Fills `into` with the next `count` bytes and returns how many there were: less than `count`
  // only at the end. Errors: E401 damaged or truncated compression.
  [[nodiscard]] std::size_t read(void* into, std::size_t count);

  // No more bytes than this can come, whatever a header inside promises.
  [[nodiscard]] std::uint64_t at_most() const { return at_most_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  void fill();
  [[nodiscard]] std::size_t take(unsigned char* into, std::size_t count);

  std::filesystem::path file_;
  std::ifstream stream_;
  std::uint64_t at_most_ = 0;
  std::vector<unsigned char> input_;  // compressed bytes; [next_, filled_) are still to be used
  std::size_t next_ = 0, filled_ = 0;
  const Packing* packing_ = nullptr;  // null for a plain file, like the decoder
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace deltaw
