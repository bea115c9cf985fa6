// SPDX-License-Identifier: Apache-2.0
#include "task/cifar.hpp"

#include <array>
#include <cmath>
#include <cstdlib>

#include "framework/task/files.hpp"
#include "task/split.hpp"

using namespace deltaw;

namespace {

// Red rises along a row from `first`, green down a column, blue is `first` throughout.
std::string record(int label, int first) {
  std::string bytes(1, static_cast<char>(label));
  for (int plane = 0; plane < 3; ++plane) {
    for (int row = 0; row < 32; ++row) {
      for (int column = 0; column < 32; ++column) {
        bytes += static_cast<char>(first + (plane == 0 ? column : plane == 1 ? row : 0));
      }
    }
  }
  return bytes;
}

const std::string k_two = record(3, 10) + record(0, 100);

}  // namespace

TEST_CASE("CIFAR images keep their planes, and files follow one another") {
  const TemporaryFolder folder;
  const auto first = write_file(folder.path() / "a.bin", k_two);
  const auto second = write_xz(folder.path() / "b.bin.xz", record(9, 200));
  const CifarImages images = read_cifar({first, second});
  CHECK(images.labels == std::vector<std::uint32_t>{3, 0, 9});
  CHECK(images.counts == std::vector<std::size_t>{2, 1});
  REQUIRE(images.pixels.size() == 3 * 3072);
  CHECK(images.pixels[5] == 15);                      // red, row 0, column 5
  CHECK(images.pixels[1024 + 7 * 32] == 17);          // green, row 7, column 0
  CHECK(images.pixels[2048 + 1023] == 10);            // blue, the last pixel
  CHECK(images.pixels[3072 + 31] == 131);             // the second image's red
  CHECK(images.pixels[2 * 3072 + 1024 + 31] == 200);  // of the other file
}

TEST_CASE("photographs do not move once they are read: their place is reserved") {
  const TemporaryFolder folder;
  std::string many;
  for (int k = 0; k < 20; ++k) many += record(k % 10, k);
  const auto file = write_file(folder.path() / "a.bin", many);
  const CifarImages images = read_cifar({file, file});
  CHECK(images.pixels.capacity() <= 2 * many.size());
  const auto packed = write_gzip(folder.path() / "b.gz", many);  // far more than half: it grows
  CHECK(read_cifar({packed, packed}).pixels == images.pixels);
}

TEST_CASE("a CIFAR set has colour images and a test part where one is named") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.bin", k_two);
  write_gzip(folder.path() / "t.bin.gz", record(1, 50));
  DataSpec spec = {.type = "cifar", .files = {"a.bin", "t.bin"}, .test_files = {"t.bin", "a.bin"}};
  const Dataset data = load_dataset(spec, {folder.path()});
  CHECK(data.name == "cifar");
  CHECK(data.size() == 6);
  CHECK(data.own_test == 3);
  CHECK(data.classes == 10);
  CHECK(data.features == 3072);
  CHECK(data.width == 32);
  CHECK(data.height == 32);
  CHECK(data.channels == 3);
  const Split<float> split =
      make_split<float>(data, {.split = {.validation = 0, .stratified = false}}, 1);
  CHECK(split.train.size() == 3);
  CHECK(split.test.labels == std::vector<std::uint32_t>{1, 3, 0});
  CHECK(split.test.inputs(0, 0) == doctest::Approx(50 / 255.0));
  spec.test_files.clear();
  CHECK(load_dataset(spec, {folder.path()}).own_test == 0);
  CHECK(data_files(spec, {folder.path()}).size() == 2);
}

TEST_CASE("\"cifar-10\" is the five batches and the test batch of its folder") {
  const TemporaryFolder folder;
  for (const char* name : {"data_batch_1", "data_batch_2", "data_batch_4", "data_batch_5"}) {
    write_file(folder.path() / "cifar-10" / (name + std::string(".bin")), record(1, 1));
  }
  write_xz(folder.path() / "cifar-10" / "data_batch_3.bin.xz", k_two);
  check_error(Code::E400, "'cifar-10/test_batch.bin' is missing",
              [&] { (void)load_dataset({.type = "cifar-10"}, {folder.path()}); });
  write_file(folder.path() / "cifar-10" / "test_batch.bin", record(8, 1));
  const Dataset data = load_dataset({.type = "cifar-10"}, {folder.path()});
  CHECK(data.name == "cifar-10");
  CHECK(data.labels == std::vector<std::uint32_t>{1, 1, 3, 0, 1, 1, 8});
  CHECK(data.own_test == 1);
}

TEST_CASE("CIFAR files that are empty, cut off or something else are refused") {
  const TemporaryFolder folder;
  const auto refuse = [&](Code code, const std::string& text, const std::string& bytes) {
    const auto file = write_file(folder.path() / "a.bin", bytes);
    check_error(code, text, [&] { (void)read_cifar({file}); });
  };
  refuse(Code::E401, "a.bin' is empty", "");
  refuse(Code::E401,
         "ends inside record 2\n  expected 3073 bytes: a label and 32 x 32 x 3 pixels, "
         "found 3072",
         k_two.substr(0, k_two.size() - 1));
  refuse(Code::E401,
         "ends inside record 3\n  expected 3073 bytes: a label and 32 x 32 x 3 pixels, "
         "found 1",
         k_two + '\1');
  refuse(Code::E403, "label of record 2 of CIFAR file", record(9, 0) + record(10, 0));
  refuse(Code::E403, "found 255", record(255, 0));
  check_error(Code::E503, "needs 'files'", [] { (void)load_dataset({.type = "cifar"}, {"/"}); });
}

TEST_CASE("the lossless CIFAR images have the moments of their source") {
  const char* const folder = std::getenv("DELTAW_DATA");
  const std::string name = "cifar-10/lossless-4000/data_batch_1_first4000.bin";
  if (folder == nullptr ||
      !std::filesystem::exists(std::filesystem::path(folder) / (name + ".xz"))) {
    MESSAGE("skipped: DELTAW_DATA names no folder with " << name << ".xz");
    return;
  }
  const Dataset data = load_dataset({.type = "cifar", .files = {name}}, {folder});
  REQUIRE(data.size() == 4000);
  std::array<int, 10> counts = {};
  for (const std::uint32_t label : data.labels) ++counts[label];
  CHECK(counts == std::array<int, 10>{396, 366, 420, 384, 422, 393, 414, 385, 407, 413});
  const auto& pixels = std::get<std::vector<std::uint8_t>>(data.values);
  const double means[] = {0.4916, 0.4818, 0.4447}, deviations[] = {0.2471, 0.2440, 0.2625};
  for (std::size_t plane = 0; plane < 3; ++plane) {
    double sum = 0, squares = 0;
    for (std::size_t k = 0; k < 4000; ++k) {
      for (std::size_t i = 0; i < 1024; ++i) {
        const double value = pixels[k * 3072 + plane * 1024 + i] / 255.0;
        sum += value;
        squares += value * value;
      }
    }
    const double n = 4000 * 1024, mean = sum / n;
    CHECK(std::abs(mean - means[plane]) < 1e-4);
    CHECK(std::abs(std::sqrt(squares / n - mean * mean) - deviations[plane]) < 1e-4);
  }
}
