// SPDX-License-Identifier: Apache-2.0
#include "task/dataset.hpp"

#include <cmath>
#include <cstdlib>
#include <numeric>

#include "framework/task/files.hpp"
#include "task/split.hpp"

using namespace deltaw;

namespace {

std::vector<std::size_t> label_counts(const Dataset& data, std::size_t first, std::size_t last) {
  std::vector<std::size_t> count(data.classes);
  for (std::size_t k = first; k < last; ++k) ++count[data.labels[k]];
  return count;
}

struct Moments {
  double mean, deviation;
};

// Of the first `count` bytes, divided by 255.
Moments moments(const Dataset& data, std::size_t count) {
  const auto& bytes = std::get<std::vector<std::uint8_t>>(data.values);
  double sum = 0, squares = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const double value = bytes[k] / 255.0;
    sum += value;
    squares += value * value;
  }
  const double n = static_cast<double>(count), mean = sum / n;
  return {mean, std::sqrt(squares / n - mean * mean)};
}

bool has_user_data(const std::string& name) {
  const char* folder = std::getenv("DELTAW_DATA");
  const bool has = folder != nullptr && std::filesystem::is_directory(folder + ("/" + name));
  if (!has) MESSAGE("skipped: DELTAW_DATA names no folder with " << name << "/");
  return has;
}

using Counts = std::vector<std::size_t>;

}  // namespace

TEST_CASE("the shipped digits are the 1797 of the literature") {
  const Dataset digits = load_dataset({}, data_folders());
  CHECK(digits.name == "digits");
  CHECK(digits.size() == 1797);
  CHECK(digits.features == 64);
  CHECK(digits.width == 8);
  CHECK(digits.height == 8);
  CHECK(digits.own_test == 0);
  CHECK(label_counts(digits, 0, 1797) == Counts{178, 182, 177, 183, 181, 182, 181, 179, 174, 180});
  const auto& pixels = std::get<std::vector<std::uint8_t>>(digits.values);
  CHECK(std::accumulate(pixels.begin(), pixels.end(), 0.0) == 561718);
  CHECK(std::vector<std::uint8_t>(pixels.begin(), pixels.begin() + 8) ==
        std::vector<std::uint8_t>{0, 0, 5, 13, 9, 1, 0, 0});
}

TEST_CASE(
    "digits scaled to unit are exact sixteenths, and standardised have mean 0 and deviation 1") {
  const Dataset digits = load_dataset({}, data_folders());
  const Split<float> unit = make_split<float>(digits, {}, 1);
  CHECK(unit.train.size() + unit.test.size() == 1797);
  CHECK(arma::accu(unit.train.inputs) + arma::accu(unit.test.inputs) == 561718 / 16.0f);
  CHECK(unit.train.inputs.max() == 1);
  const Split<double> split = make_split<double>(digits, {.scale = "standardise"}, 1);
  const arma::mat& inputs = split.train.inputs;
  for (arma::uword f = 0; f < 64; ++f) {
    const double deviation = arma::stddev(inputs.row(f), 1);
    CHECK(std::abs(arma::mean(inputs.row(f))) < 1e-12);
    CHECK((deviation == 0 || std::abs(deviation - 1) < 1e-12));
  }
  CHECK(arma::all(inputs.row(0) == 0));  // the corner pixel is blank in every digit
}

TEST_CASE("MNIST is the canonical one") {
  if (!has_user_data("mnist")) return;
  const Dataset mnist = load_dataset({.type = "mnist"}, data_folders());
  REQUIRE(mnist.size() == 70000);
  CHECK(mnist.own_test == 10000);
  CHECK(mnist.maximum == 255);
  CHECK(label_counts(mnist, 0, 60000) ==
        Counts{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(label_counts(mnist, 60000, 70000) ==
        Counts{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
  const Moments of_train = moments(mnist, 60000 * 784);
  CHECK(std::abs(of_train.mean - 0.1307) < 1e-3);
  CHECK(std::abs(of_train.deviation - 0.3081) < 1e-3);
}

TEST_CASE("Fashion-MNIST is the canonical one") {
  if (!has_user_data("fashion-mnist")) return;
  const Dataset fashion = load_dataset({.type = "fashion-mnist"}, data_folders());
  REQUIRE(fashion.size() == 70000);
  CHECK(label_counts(fashion, 0, 60000) == Counts(10, 6000));
  CHECK(label_counts(fashion, 60000, 70000) == Counts(10, 1000));
  const Moments of_train = moments(fashion, 60000 * 784);
  CHECK(std::abs(of_train.mean - 0.2860) < 1e-3);
  CHECK(std::abs(of_train.deviation - 0.3530) < 1e-3);
}

TEST_CASE("IDX files named by the user make a set with a test part of its own") {
  const TemporaryFolder folder;
  write_gzip(folder.path() / "x.gz", idx_bytes({3, 1, 2}, "abcdef"));
  write_file(folder.path() / "y", idx_bytes({3}, std::string("\0\1\2", 3)));
  write_file(folder.path() / "test_x", idx_bytes({1, 1, 2}, "gh"));
  write_file(folder.path() / "test_y", idx_bytes({1}, "\1"));
  const DataSpec spec = {.type = "idx",
                         .name = "letters",
                         .images = "x",
                         .labels = "y",
                         .test_images = "test_x",
                         .test_labels = "test_y"};
  const Dataset data = load_dataset(spec, {folder.path()});
  CHECK(data.name == "letters");
  CHECK(data.classes == 3);
  CHECK(data.own_test == 1);
  CHECK(data.width == 2);
  CHECK(data.height == 1);
  CHECK(std::get<std::vector<std::uint8_t>>(data.values).back() == 'h');
}

TEST_CASE("a CSV file and its test file make a set, as images where their size is stated") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.csv", "1,2,3,4,0\n5,6,7,8,1\n");
  write_file(folder.path() / "b.csv", "9,9,9,9,1\n");
  DataSpec spec = {.type = "csv", .file = "a.csv", .test_file = "b.csv", .width = 2, .height = 2};
  const Dataset data = load_dataset(spec, {folder.path()});
  CHECK(data.size() == 3);
  CHECK(data.own_test == 1);
  CHECK(data.width == 2);
  spec.height = 3;
  check_error(Code::E402, "expected 2 x 3 features, found 4",
              [&] { (void)load_dataset(spec, {folder.path()}); });
}

TEST_CASE("a gap in the labels of a CSV file tells which column they are taken from") {
  const TemporaryFolder folder;
  write_file(folder.path() / "pixels.csv", "1,0\n2,1\n3,16\n");
  const DataSpec spec = {.type = "csv", .file = "pixels.csv"};
  const auto load = [&] { (void)load_dataset(spec, {folder.path()}); };
  check_error(
      Code::E403,
      "'pixels.csv': the last column is taken for the label, and no row has label 2, but one "
      "has 16\n",
      load);
  check_error(Code::E403,
              "a column's name in the task, if the labels are elsewhere; labels numbered", load);
}

TEST_CASE("labels that are missing, or of another length than the images, are named") {
  const TemporaryFolder folder;
  const DataSpec spec = {.type = "idx", .images = "x", .labels = "y"};
  write_file(folder.path() / "x", idx_bytes({3, 1, 2}, "abcdef"));
  check_error(Code::E400, "data file 'y' is missing",
              [&] { (void)load_dataset(spec, {folder.path()}); });
  write_file(folder.path() / "y", idx_bytes({2}, std::string("\0\1", 2)));
  check_error(Code::E401,
              "do not belong together\n  expected as many labels as images, found 3 ima",
              [&] { (void)load_dataset(spec, {folder.path()}); });
  write_file(folder.path() / "y", idx_bytes({3}, std::string("\0\1", 2)));
  check_error(Code::E401, "is truncated", [&] { (void)load_dataset(spec, {folder.path()}); });
}

TEST_CASE("constant pixels are finite in every scale: 0 where there is no deviation to divide by") {
  const TemporaryFolder folder;
  // Samples (0, 9), (0, 9), (0, 9), (0, 5): the first feature is constantly 0, the other nearly.
  write_file(folder.path() / "x", idx_bytes({4, 1, 2}, std::string("\0\11\0\11\0\11\0\5", 8)));
  write_file(folder.path() / "y", idx_bytes({4}, std::string("\0\1\0\1", 4)));
  write_file(folder.path() / "a.csv", "0,9,0\n0,9,1\n0,9,0\n0,9,1\n");
  for (const DataSpec& spec : {DataSpec{.type = "idx", .images = "x", .labels = "y"},
                               DataSpec{.type = "csv", .file = "a.csv"}}) {
    const Dataset data = load_dataset(spec, {folder.path()});
    for (const std::string scale : {"unit", "raw", "center", "standardise", "standardise-all"}) {
      CAPTURE(spec.type);
      CAPTURE(scale);
      const TaskSpec task = {.data = spec, .split = {.train = 1, .test = 0}, .scale = scale};
      const arma::fmat inputs = make_split<float>(data, task, 1).train.inputs;
      REQUIRE(inputs.n_cols == 4);
      CHECK(inputs.is_finite());
      if (scale == "standardise-all") {
        CHECK(arma::all(inputs.row(0) == inputs(0, 0)));
        CHECK(inputs(0, 0) < 0);  // 0 is below the mean of all
      } else {
        CHECK(arma::all(inputs.row(0) == 0));
      }
      if (spec.type == "csv" && (scale == "center" || scale == "standardise")) {
        CHECK(arma::all(inputs.row(1) == 0));
      }
    }
  }
  // All of it constant and 0: nothing to divide by at all.
  write_file(folder.path() / "b.csv", "0,0,0\n0,0,1\n");
  const DataSpec zeros = {.type = "csv", .file = "b.csv"};
  const Dataset data = load_dataset(zeros, {folder.path()});
  for (const std::string scale : {"unit", "standardise", "standardise-all"}) {
    const TaskSpec task = {.split = {.train = 1, .test = 0, .stratified = false}, .scale = scale};
    CHECK(arma::accu(arma::abs(make_split<float>(data, task, 1).train.inputs)) == 0);
  }
}

TEST_CASE("labels out of range are refused") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.csv", "1,0\n1,1\n1,4294967295\n");
  const DataFolders folders = {folder.path()};
  check_error(Code::E403, "no row has label 2, but one has 4294967295",
              [&] { (void)load_dataset({.type = "csv", .file = "a.csv"}, folders); });
  check_error(
      Code::E403, "label of sample 3 of 'csv' is out of range\n  expected 0 to 9, found 42949",
      [&] { (void)load_dataset({.type = "csv", .file = "a.csv", .classes = 10}, folders); });
  write_file(folder.path() / "b.csv", "1,1\n1,2\n");
  CHECK(load_dataset({.type = "csv", .file = "b.csv", .classes = 4}, folders).classes == 4);
}

TEST_CASE("the files of a set are listed with their hashes") {
  const std::vector<DataFile> digits = data_files({}, data_folders());
  REQUIRE(digits.size() == 1);
  CHECK(digits[0].name == "digits/digits.csv.gz");
  CHECK(digits[0].sha256 == "46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a");
  const TemporaryFolder folder;
  for (const std::string name : {"a", "b", "c", "d"}) write_file(folder.path() / name, name);
  const auto files = data_files(
      {.type = "idx", .images = "a", .labels = "b", .test_images = "c", .test_labels = "d"},
      {folder.path()});
  REQUIRE(files.size() == 4);
  CHECK(files[3].path == folder.path() / "d");
  CHECK(files[3].sha256 == "18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4");
}

TEST_CASE("a spec that lacks its files or has an unknown type is refused") {
  const auto load = [](const DataSpec& spec) {
    return [spec] { (void)load_dataset(spec, {"/nowhere"}); };
  };
  check_error(Code::E503, "did you mean 'mnist'?", load({.type = "minst"}));
  check_error(Code::E503, "needs 'images' and 'labels'", load({.type = "idx", .images = "x"}));
  check_error(Code::E503, "both 'test_images' and 'test_labels', or neither",
              load({.type = "idx", .images = "x", .labels = "y", .test_labels = "z"}));
  check_error(Code::E503, "needs 'file'", load({.type = "csv"}));
  check_error(Code::E400, "data file 'mnist/train-images-idx3-ubyte.gz' is missing",
              load({.type = "mnist"}));
}
