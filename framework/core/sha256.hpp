// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) through OpenSSL, as 64 lower-case hexadecimal digits. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace deltaw {

// Of a file's content, read in pieces. Throws std::runtime_error when it cannot be read: callers
// know which file that is and give it a code.
[[nodiscard]] std::string sha256_hex(const std::filesystem::path& file);
[[nodiscard]] std::string sha256_hex_of_bytes(std::string_view bytes);

}  // namespace deltaw
