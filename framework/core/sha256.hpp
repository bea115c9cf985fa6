// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) through OpenSSL, as 64 lower-case hexadecimal digits. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's

namespace deltaw {

// Piece by piece. One thread at a time.
class Sha256 {
 public:
  Sha256();
  void add(const char* bytes, std::size_t count);
  [[nodiscard]] std::string hex();  // of all that was added; nothing may follow

 private:
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

// Of a file's content, read in pieces. Throws std::runtime_error when it cannot be read: callers
// know which file that is and give it a code.
[[nodiscard]] std::string sha256_hex(const std::filesystem::path& file);
[[nodiscard]] std::string sha256_hex_of_bytes(std::string_view bytes);

}  // namespace deltaw
