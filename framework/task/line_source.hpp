// SPDX-License-Identifier: Apache-2.0
// Lines of a plain or compressed text file, one after another. One thread at a time.
#pragma once

#include <string>
#include <string_view>

#include "task/byte_source.hpp"

namespace deltaw {

class LineSource {
 public:
  explicit LineSource(const std::filesystem::path& file);

  // The next line that is not blank, without its end (LF or CR LF) and a byte-order mark, in
  // `line`, valid until the next call; false at the end. Errors: E401 damaged, E402 line too long.
  [[nodiscard]] bool next(std::string_view& line);

  // Of the line given last, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] std::string name() const { return source_.file().string(); }

 private:
  bool fill();

  ByteSource source_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
};

}  // namespace deltaw
