// SPDX-License-Identifier: Apache-2.0
// From a spec and its files to samples, with what they have in common checked.
#include "task/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "task/cifar.hpp"
#include "task/csv.hpp"
#include "task/idx.hpp"
#include "task/known_sets.hpp"

namespace deltaw {
namespace {

Dataset load_idx(const DataSpec& spec, const DataFolders& folders) {
  std::vector<IdxPair> pairs = {{find_data(spec.images, folders), find_data(spec.labels, folders)}};
  if (!spec.test_images.empty()) {
    pairs.push_back({find_data(spec.test_images, folders), find_data(spec.test_labels, folders)});
  }
  IdxImages images = read_idx(pairs);
  Dataset data;
  data.features = images.rows * images.columns;
  data.values = std::move(images.pixels);
  data.labels.assign(images.labels.begin(), images.labels.end());
  data.own_test = pairs.size() > 1 ? images.last : 0;
  data.width = images.columns;
  data.height = images.rows;
  data.maximum = 255;
  return data;
}

Dataset load_csv(const DataSpec& spec, const DataFolders& folders) {
  const CsvOptions options = {.label = spec.label, .header = spec.header, .maximum = spec.maximum};
  CsvSamples samples;
  read_csv(find_data(spec.file, folders), options, samples);
  const std::size_t training = samples.labels.size();
  if (!spec.test_file.empty()) read_csv(find_data(spec.test_file, folders), options, samples);
  if ((spec.width != 0 || spec.height != 0) && spec.width * spec.height != samples.features) {
    throw Error(Code::E402, fmt::format("data '{}' are no images of the stated size", spec.name),
                {.expected = fmt::format("{} x {} features", spec.width, spec.height),
                 .found = fmt::format("{}", samples.features)});
  }
  Dataset data;
  data.features = samples.features;
  data.values = std::move(samples.values);
  data.own_test = samples.labels.size() - training;
  data.labels = std::move(samples.labels);
  data.width = spec.width;
  data.height = spec.height;
  data.maximum = spec.maximum;
  return data;
}

Dataset load_cifar(const DataSpec& spec, const DataFolders& folders) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : file_names(spec)) files.push_back(find_data(name, folders));
  CifarImages images = read_cifar(files);
  Dataset data;
  data.features = CifarImages::k_features;
  data.values = std::move(images.pixels);
  data.labels = std::move(images.labels);
  const auto first_of_test = images.counts.begin() + static_cast<std::ptrdiff_t>(spec.files.size());
  data.own_test = std::accumulate(first_of_test, images.counts.end(), std::size_t{0});
  data.width = data.height = CifarImages::k_side;
  data.channels = CifarImages::k_channels;
  data.maximum = 255;
  return data;
}

Dataset load_files(const DataSpec& spec, const DataFolders& folders) {
  if (spec.type == "idx") return load_idx(spec, folders);
  if (spec.type == "cifar") return load_cifar(spec, folders);
  return load_csv(spec, folders);
}

std::string hash_of(const std::filesystem::path& file) {
  try {
    return sha256_hex(file);
  } catch (const std::runtime_error& failure) {
    throw Error(Code::E400, fmt::format("data file '{}' cannot be read", file.string()),
                {.found = failure.what()});
  }
}

// Without a stated number of classes every label up to the largest must occur: a stray one is an
// error here, not a matrix of 4 billion rows later.
std::size_t count_classes(const Dataset& data, const DataSpec& spec) {
  const std::uint32_t largest = *std::max_element(data.labels.begin(), data.labels.end());
  std::vector<bool> occurs(data.size() + 1);
  for (const std::uint32_t label : data.labels) {
    if (label < occurs.size()) occurs[label] = true;
  }
  const auto gap =
      static_cast<std::size_t>(std::find(occurs.begin(), occurs.end(), false) - occurs.begin());
  if (gap > largest) return gap;
  const std::string gapless =
      "labels numbered anew without gaps; or \"classes\" in the task, if more are to come";
  if (spec.type != "csv") {
    throw Error(
        Code::E403,
        fmt::format("no sample of '{}' has label {}, but one has {}", data.name, gap, largest),
        {.expected = "labels 0, 1, 2 ... without gaps", .hint = gapless});
  }
  throw Error(
      Code::E403,
      fmt::format("'{}': {} is taken for the label, and no row has label {}, but one has {}",
                  spec.file, label_column_name(spec.label), gap, largest),
      {.expected = "labels 0, 1, 2 ... without gaps",
       .hint = fmt::format("{}, if the labels are elsewhere; {}", k_other_label_column, gapless)});
}

void check_labels(const Dataset& data) {
  for (std::size_t k = 0; k < data.size(); ++k) {
    if (data.labels[k] >= data.classes) {
      throw Error(Code::E403,
                  fmt::format("label of sample {} of '{}' is out of range", k + 1, data.name),
                  {.expected = fmt::format("0 to {}", data.classes - 1),
                   .found = fmt::format("{}", data.labels[k])});
    }
  }
}

}  // namespace

Dataset load_dataset(const DataSpec& spec, const DataFolders& folders) {
  const DataSpec full = spelled_out(spec);
  Dataset data = load_files(full, folders);
  data.name = full.name;
  data.classes = full.classes != 0 ? full.classes : count_classes(data, full);
  check_labels(data);
  return data;
}

std::vector<DataFile> data_files(const DataSpec& spec, const DataFolders& folders) {
  std::vector<DataFile> files;
  for (const std::string& name : file_names(spelled_out(spec))) {
    const std::filesystem::path path = find_data(name, folders);
    files.push_back({.name = name, .path = path, .sha256 = hash_of(path)});
  }
  return files;
}

}  // namespace deltaw
