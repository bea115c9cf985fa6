// SPDX-License-Identifier: Apache-2.0
// Formats in which a data file may be compressed, and how each is undone piece by piece. The table
// is for any thread, a decoder for one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace deltaw {

class Decoder {
 public:
  struct Step {
    std::size_t used, made;  // bytes taken from the input, and put into the output
  };

  virtual ~Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Turns at most `given` bytes at `from` into at most `room` bytes at `into`. Errors: E401.
  [[nodiscard]] virtual Step decode(const unsigned char* from, std::size_t given,
                                    unsigned char* into, std::size_t room) = 0;
  // Whether the file may end here: not in the middle of a stream.
  [[nodiscard]] virtual bool is_complete() = 0;

 protected:
  Decoder() = default;
};

// "gzip file 'x' is truncated": E401.
[[nodiscard]] Error damaged(std::string_view format, const std::filesystem::path& file,
                            const std::string& how);

struct Packing {
  std::string_view name, extension;  // "gzip", ".gz"
  std::string_view magic;            // the first bytes of every file
  std::uint64_t largest_expansion;   // no byte becomes more bytes than that
  std::unique_ptr<Decoder> (*decoder)(const std::filesystem::path& file);
};

[[nodiscard]] const std::vector<Packing>& packings();

// Each reads several streams one after another, and nothing else after them.
[[nodiscard]] std::unique_ptr<Decoder> gzip_decoder(const std::filesystem::path& file);
[[nodiscard]] std::unique_ptr<Decoder> xz_decoder(const std::filesystem::path& file);

}  // namespace deltaw
