// SPDX-License-Identifier: Apache-2.0
// Small data files for the tests, written to a folder of the test's own.
#pragma once

#include <doctest/doctest.h>
#include <lzma.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "framework/result/temporary_folder.hpp"

inline std::filesystem::path write_file(const std::filesystem::path& file,
                                        const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::filesystem::remove(file);  // some file systems flush a file that is truncated and rewritten
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

inline std::filesystem::path write_gzip(const std::filesystem::path& file,
                                        const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  gzFile gzip = gzopen(file.c_str(), "wb");
  REQUIRE(gzip != nullptr);
  REQUIRE(gzwrite(gzip, bytes.data(), static_cast<unsigned>(bytes.size())) ==
          static_cast<int>(bytes.size()));
  REQUIRE(gzclose(gzip) == Z_OK);
  return file;
}

inline std::filesystem::path write_xz(const std::filesystem::path& file, const std::string& bytes) {
  std::string packed(lzma_stream_buffer_bound(bytes.size()), '\0');
  std::size_t filled = 0;
  REQUIRE(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr,
                                  reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(),
                                  reinterpret_cast<std::uint8_t*>(packed.data()), &filled,
                                  packed.size()) == LZMA_OK);
  packed.resize(filled);
  return write_file(file, packed);
}

inline std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// An IDX header of unsigned bytes, and the elements after it.
inline std::string idx_bytes(const std::vector<std::uint32_t>& sizes, const std::string& elements) {
  std::string bytes = {'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 255u);
  }
  return bytes + elements;
}

// Requires that `call` throws deltaw::Error with this code and `text` in its message.
template <class Call>
void check_error(deltaw::Code code, const std::string& text, Call call) {
  try {
    call();
    FAIL_CHECK("no error, expected one with: " << text);
  } catch (const deltaw::Error& error) {
    INFO(error.text());
    CHECK(error.code() == code);
    CHECK(error.text().find(text) != std::string::npos);
  }
}
