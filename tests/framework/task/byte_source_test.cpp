// SPDX-License-Identifier: Apache-2.0
#include "task/byte_source.hpp"

#include "framework/task/files.hpp"

using namespace deltaw;

namespace {

std::string read_all(const std::filesystem::path& file) {
  ByteSource source(file);
  std::string bytes(1 << 20, '\0');
  bytes.resize(source.read(bytes.data(), bytes.size()));
  return bytes;
}

// Larger than the buffer, packed or not.
const std::string k_noise = [] {
  std::string bytes(300'000, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525u + 1013904223u;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}();

}  // namespace

TEST_CASE("xz comes back as it was, known by its bytes whatever its name") {
  const TemporaryFolder folder;
  CHECK(read_all(write_xz(folder.path() / "a.xz", k_noise)) == k_noise);
  CHECK(read_all(write_xz(folder.path() / "renamed", k_noise)) == k_noise);
  CHECK(read_all(write_xz(folder.path() / "empty.xz", "")).empty());
}

TEST_CASE("xz is read in steps of any size, and zeros expand a thousandfold") {
  const TemporaryFolder folder;
  const std::string zeros(1 << 22, '\0');
  ByteSource source(write_xz(folder.path() / "a.xz", zeros));
  CHECK(source.at_most() >= zeros.size());
  std::string back(zeros.size(), 'x');
  std::size_t at = 0;
  for (const std::size_t step : {1u, 2u, 3u, 100'000u, 7u}) {
    CHECK(source.read(back.data() + at, step) == step);
    at += step;
  }
  CHECK(source.read(back.data() + at, zeros.size()) == zeros.size() - at);
  CHECK(back == zeros);
  CHECK(source.read(back.data(), 1) == 0);
}

TEST_CASE("streams of xz or gzip that follow one another are one file") {
  const TemporaryFolder folder;
  const std::string first = read_file(write_xz(folder.path() / "a.xz", "one ")),
                    second = read_file(write_xz(folder.path() / "b.xz", "two"));
  CHECK(read_all(write_file(folder.path() / "c.xz", first + second)) == "one two");
  CHECK(read_all(write_file(folder.path() / "c.xz", first + std::string(8, '\0') + second)) ==
        "one two");  // padding, as the format allows
  const std::string packed = read_file(write_gzip(folder.path() / "a.gz", "three "));
  CHECK(read_all(write_file(folder.path() / "c.gz", packed + packed)) == "three three ");
}

TEST_CASE("damaged and truncated xz is named as such") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.xz";
  const std::string whole = read_file(write_xz(file, k_noise));
  const auto read_changed = [&](const std::string& bytes) {
    (void)read_all(write_file(file, bytes));
  };
  check_error(Code::E401, "a.xz' is truncated\n  try: download or copy the file again",
              [&] { read_changed(whole.substr(0, whole.size() - 1)); });
  check_error(Code::E401, "is truncated", [&] { read_changed(whole.substr(0, 1000)); });
  check_error(Code::E401, "is truncated", [&] { read_changed(whole.substr(0, 6)); });
  check_error(Code::E401, "is truncated", [&] { read_changed(""); });
  check_error(Code::E401, "is truncated", [&] { read_changed(whole + whole.substr(0, 40)); });
  check_error(Code::E401, "is damaged (corrupt data)",
              [&] { read_changed(whole + "garbage of more than twelve bytes"); });
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  check_error(Code::E401, "is damaged (corrupt data)", [&] { read_changed(flipped); });
  check_error(Code::E402,
              "is not an xz file\n  expected first bytes fd 37 7a 58 5a 00, "
              "found 70 6c 61 69 6e 20",
              [&] { read_changed("plain text"); });
}
