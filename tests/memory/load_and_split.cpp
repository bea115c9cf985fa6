// SPDX-License-Identifier: Apache-2.0
// load_and_split SET: loads a set, splits it, and fails when the process ever had more than 1.5
// times the memory of the decoded data in float32, beyond what it had before.
#include <fmt/format.h>
#include <sys/resource.h>

#include <string>

#include "core/error.hpp"
#include "task/split.hpp"

using namespace deltaw;

namespace {

constexpr double k_most = 1.5;
// Of the allocator and of decoders, which small sets would be judged by.
constexpr double k_slack = 4e6;
constexpr int k_skipped = 77;

double most_bytes_so_far() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

// 20,000 training images and 10,000 test images of CIFAR-10's size, whose pixels are JPEG copies.
DataSpec spec_of(const std::string& set) {
  if (set != "cifar") return {.type = set};
  const std::string folder = "cifar-10/jpeg-q75/";
  return {.type = "cifar",
          .files = {folder + "data_batch_1.bin", folder + "data_batch_2.bin"},
          .test_files = {folder + "test_batch.bin"}};
}

int measure(const std::string& set) {
  const double before = most_bytes_so_far();
  const Dataset data = load_dataset(spec_of(set), data_folders());
  const double loaded = most_bytes_so_far() - before;
  const TaskSpec spec = {.split = {.train = 0.8, .validation = 0.1, .test = 0.1},
                         .scale = "standardise"};
  const Split<float> split = make_split<float>(data, spec, 1);
  const double peak = most_bytes_so_far() - before;
  const auto decoded = static_cast<double>(data.size() * data.features * sizeof(float));
  fmt::print("{}: {} x {}, {:.1f} MB in float32; loaded {:.2f} x, split {:.2f} x ({:.1f} MB)\n",
             set, data.size(), data.features, decoded / 1e6, loaded / decoded, peak / decoded,
             peak / 1e6);
  const bool is_whole =
      split.train.size() + split.validation.size() + split.test.size() == data.size();
  return is_whole && peak <= k_most * decoded + k_slack ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  const std::string set = count > 1 ? words[1] : "digits";
  try {
    return measure(set);
  } catch (const Error& error) {
    if (error.code() != Code::E400) throw;
    fmt::print("skipped: DELTAW_DATA names no folder with {}\n", set);
    return k_skipped;
  }
}
