// SPDX-License-Identifier: Apache-2.0
// Damaged files load or are refused with a named error; nothing else may happen.
#include "core/random.hpp"
#include "framework/task/files.hpp"
#include "task/split.hpp"

using namespace deltaw;

namespace {

// Every prefix of `whole`, then 2000 copies with one byte changed.
template <class Load>
void try_damaged(const std::filesystem::path& file, const std::string& whole, Load load) {
  int loaded = 0, refused = 0;
  const auto attempt = [&](const std::string& bytes) {
    write_file(file, bytes);
    try {
      load();
      ++loaded;
    } catch (const Error&) {
      ++refused;
    }
  };
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) attempt(whole.substr(0, bytes));
  Random random(1, "damage");
  for (int k = 0; k < 2000; ++k) {
    std::string flipped = whole;
    char& byte = flipped[random.below(whole.size())];
    byte = static_cast<char>(byte ^ static_cast<char>(1 + random.below(255)));
    attempt(flipped);
  }
  CHECK(loaded + refused == static_cast<int>(whole.size()) + 2000);
  CHECK(refused > 0);
}

void load_and_split(const DataSpec& spec, const std::filesystem::path& folder) {
  const Dataset data = load_dataset(spec, {folder});
  const Split<float> split = make_split<float>(data, {.split = {.stratified = false}}, 1);
  REQUIRE(split.train.inputs.is_finite());
}

const std::string k_pixels(6 * 12, 'p');
const std::string k_labels("\0\1\2\0\1\2", 6);

}  // namespace

TEST_CASE("damaged IDX files load or throw deltaw::Error") {
  const TemporaryFolder folder;
  const std::string images = idx_bytes({6, 3, 4}, k_pixels), labels = idx_bytes({6}, k_labels);
  const DataSpec spec = {.type = "idx", .images = "images", .labels = "labels"};
  const auto load = [&] { load_and_split(spec, folder.path()); };
  write_file(folder.path() / "labels", labels);
  try_damaged(folder.path() / "images", images, load);
  write_file(folder.path() / "images", images);
  try_damaged(folder.path() / "labels", labels, load);
}

TEST_CASE("damaged gzip files load or throw deltaw::Error") {
  const TemporaryFolder folder;
  const auto file = write_gzip(folder.path() / "images.gz", idx_bytes({6, 3, 4}, k_pixels));
  write_file(folder.path() / "labels", idx_bytes({6}, k_labels));
  const DataSpec spec = {.type = "idx", .images = "images.gz", .labels = "labels"};
  try_damaged(file, read_file(file), [&] { load_and_split(spec, folder.path()); });
}

TEST_CASE("damaged xz files load or throw deltaw::Error") {
  const TemporaryFolder folder;
  const auto file = write_xz(folder.path() / "images.xz", idx_bytes({6, 3, 4}, k_pixels));
  write_file(folder.path() / "labels", idx_bytes({6}, k_labels));
  const DataSpec spec = {.type = "idx", .images = "images.xz", .labels = "labels"};
  try_damaged(file, read_file(file), [&] { load_and_split(spec, folder.path()); });
}

TEST_CASE("damaged CIFAR files load or throw deltaw::Error") {
  const TemporaryFolder folder;
  const std::string record = '\3' + std::string(3072, 'p');
  const auto file = write_gzip(folder.path() / "a.gz", record + record);
  const DataSpec spec = {.type = "cifar", .files = {"a"}};
  try_damaged(file, read_file(file), [&] { load_and_split(spec, folder.path()); });
}

TEST_CASE("damaged CSV files load or throw deltaw::Error") {
  const TemporaryFolder folder;
  std::string text = "width;height;\"class\"\r\n";
  for (int k = 0; k < 9; ++k)
    text += "1.5e0; " + std::to_string(k) + ";" + std::to_string(k % 3) + "\r\n";
  const DataSpec spec = {.type = "csv", .file = "data.csv", .label = "class"};
  try_damaged(folder.path() / "data.csv", text, [&] { load_and_split(spec, folder.path()); });
}
