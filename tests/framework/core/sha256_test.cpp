// SPDX-License-Identifier: Apache-2.0
#include "core/sha256.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace deltaw;

// Test vectors of FIPS 180-4.
TEST_CASE("SHA-256 gives the published digests") {
  CHECK(sha256_hex_of_bytes("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex_of_bytes("") ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a file's digest is that of its bytes, also over several pieces") {
  const auto file = std::filesystem::temp_directory_path() / "deltaw-sha256-test";
  std::ofstream(file, std::ios::binary) << std::string(1000000, 'a');
  CHECK(sha256_hex(file) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  std::filesystem::remove(file);
}

TEST_CASE("a file that is not there is an exception, not the digest of nothing") {
  CHECK_THROWS_AS((void)sha256_hex(std::filesystem::path("/nonexistent/x")), std::runtime_error);
}
