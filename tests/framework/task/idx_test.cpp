// SPDX-License-Identifier: Apache-2.0
#include "task/idx.hpp"

#include "framework/task/files.hpp"

using namespace deltaw;

namespace {

// Three images of 2 x 3 pixels with the bytes 0 .. 17, labels 2 0 1.
const std::string k_pixels = [] {
  std::string pixels;
  for (int k = 0; k < 18; ++k) pixels += static_cast<char>(k);
  return pixels;
}();
const std::string k_images = idx_bytes({3, 2, 3}, k_pixels);
const std::string k_labels = idx_bytes({3}, std::string("\2\0\1", 3));

struct Files {
  TemporaryFolder folder;
  IdxPair pair = {folder.path() / "images", folder.path() / "labels"};

  explicit Files(const std::string& images = k_images, const std::string& labels = k_labels) {
    write_file(pair.images, images);
    write_file(pair.labels, labels);
  }
  [[nodiscard]] IdxImages read() const { return read_idx({pair}); }
};

}  // namespace

TEST_CASE("IDX images and labels are read as they were written, plain and gzipped alike") {
  Files files;
  const IdxImages plain = files.read();
  CHECK(plain.rows == 2);
  CHECK(plain.columns == 3);
  CHECK(plain.labels == std::vector<std::uint8_t>{2, 0, 1});
  REQUIRE(plain.pixels.size() == 18);
  for (std::size_t k = 0; k < 18; ++k) CHECK(plain.pixels[k] == k);

  files.pair.images = write_gzip(files.folder.path() / "images.gz", k_images);
  CHECK(files.read().pixels == plain.pixels);
  // Gzip is known by its bytes: the name need not say it.
  files.pair.labels = write_gzip(files.folder.path() / "renamed", k_labels);
  CHECK(files.read().labels == plain.labels);
}

TEST_CASE("several pairs follow one another, and the last is counted") {
  Files files, test(idx_bytes({1, 2, 3}, "abcdef"), idx_bytes({1}, std::string("\1", 1)));
  const IdxImages all = read_idx({files.pair, test.pair});
  CHECK(all.last == 1);
  CHECK(all.labels == std::vector<std::uint8_t>{2, 0, 1, 1});
  CHECK(all.pixels.size() == 24);
  CHECK(all.pixels[17] == 17);
  CHECK(all.pixels[18] == 'a');

  Files other(idx_bytes({1, 3, 2}, "abcdef"), idx_bytes({1}, "\1"));
  check_error(Code::E402, "expected 2 x 3", [&] { (void)read_idx({files.pair, other.pair}); });
}

TEST_CASE("a file of many buffers comes through gzip unchanged") {
  std::string pixels(300 * 1000, '\0');
  for (std::size_t k = 0; k < pixels.size(); ++k) pixels[k] = static_cast<char>(k * k >> 7);
  Files files(k_images, idx_bytes({300}, std::string(300, '\3')));
  files.pair.images =
      write_gzip(files.folder.path() / "images.gz", idx_bytes({300, 10, 100}, pixels));
  const IdxImages all = files.read();
  CHECK(std::string(all.pixels.begin(), all.pixels.end()) == pixels);
}

TEST_CASE("truncated IDX files and trailing bytes are damage") {
  for (const std::size_t bytes : {0u, 3u, 4u, 15u}) {
    check_error(Code::E401, "ends in its header",
                [&] { (void)Files(k_images.substr(0, bytes)).read(); });
  }
  check_error(Code::E401, "impossible size", [] { (void)Files(k_images.substr(0, 16)).read(); });
  check_error(Code::E401, "is truncated\n  expected 18 elements, found 17",
              [] { (void)Files(k_images.substr(0, 33)).read(); });
  check_error(Code::E401, "trailing bytes", [] { (void)Files(k_images + '\0').read(); });
  check_error(Code::E401, "trailing bytes", [] { (void)Files(k_images, k_labels + "x").read(); });
}

TEST_CASE("damaged gzip is named as such") {
  Files files;
  const auto image_file = files.folder.path() / "images.gz";
  files.pair.images = write_gzip(image_file, k_images);
  const std::string whole = read_file(image_file);
  const auto read_changed = [&](const std::string& bytes) {
    write_file(image_file, bytes);
    (void)files.read();
  };
  check_error(Code::E401, "is truncated", [&] { read_changed(whole.substr(0, whole.size() - 1)); });
  check_error(Code::E401, "is truncated", [&] { read_changed(whole.substr(0, 14)); });
  check_error(Code::E401, "is truncated", [&] { read_changed(""); });
  std::string wrong_sum = whole;
  wrong_sum[wrong_sum.size() - 8] ^= 1;
  check_error(Code::E401, "incorrect data check", [&] { read_changed(wrong_sum); });
  check_error(Code::E401, "is damaged", [&] { read_changed(whole + "garbage"); });
  check_error(Code::E402, "expected first bytes 1f 8b, found 00 00",
              [&] { read_changed(k_images); });
}

TEST_CASE("a header that promises more than its file can hold allocates nothing") {
  const std::uint32_t huge = 0xffffffffu;
  for (const auto& sizes : {std::vector{huge, huge, huge}, std::vector{huge, huge, 1u},
                            std::vector{65536u, 65536u, 65536u}, std::vector{huge, 0u, 3u}}) {
    check_error(Code::E401, "impossible size",
                [&] { (void)Files(idx_bytes(sizes, k_pixels)).read(); });
  }
  Files files;
  files.pair.images =
      write_gzip(files.folder.path() / "images.gz", idx_bytes({huge, huge, huge}, k_pixels));
  check_error(Code::E401, "impossible size", [&] { (void)files.read(); });
}

TEST_CASE("files that are not IDX images and labels are refused with what they are") {
  check_error(Code::E402, "not an IDX file", [] { (void)Files("P5 28 28 255 ....").read(); });
  check_error(Code::E402, "are the two file names swapped?",
              [] { (void)Files(k_labels, k_images).read(); });
  std::string floats = k_images;
  floats[2] = '\x0d';
  check_error(Code::E402, "holds no unsigned bytes", [&] { (void)Files(floats).read(); });
  check_error(Code::E401, "found 3 images and 2 labels",
              [] { (void)Files(k_images, idx_bytes({2}, "\1\1")).read(); });
}
