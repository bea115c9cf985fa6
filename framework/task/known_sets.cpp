// SPDX-License-Identifier: Apache-2.0
// What each known set consists of.
#include "task/known_sets.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

// E. Alpaydin and C. Kaynak 1998, doi:10.24432/C50P49.
DataSpec digits() {
  return {.type = "csv",
          .file = "digits/digits.csv.gz",
          .header = "no",
          .classes = 10,
          .maximum = 16,
          .width = 8,
          .height = 8};
}

// LeCun, Cortes, Burges 1998; Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747: the same file names.
DataSpec mnist_in(const std::string& folder) {
  return {.type = "idx",
          .images = folder + "/train-images-idx3-ubyte.gz",
          .labels = folder + "/train-labels-idx1-ubyte.gz",
          .test_images = folder + "/t10k-images-idx3-ubyte.gz",
          .test_labels = folder + "/t10k-labels-idx1-ubyte.gz",
          .classes = 10};
}

// Krizhevsky 2009, "Learning multiple layers of features from tiny images".
DataSpec cifar_10() {
  DataSpec spec = {.type = "cifar", .test_files = {"cifar-10/test_batch.bin"}, .classes = 10};
  for (int k = 1; k <= 5; ++k) spec.files.push_back(fmt::format("cifar-10/data_batch_{}.bin", k));
  return spec;
}

void require(bool holds, const std::string& type, const std::string& what) {
  if (!holds) throw Error(Code::E503, fmt::format("data of type '{}' needs {}", type, what));
}

}  // namespace

DataSpec spelled_out(const DataSpec& spec) {
  DataSpec all = spec;
  if (spec.type == "digits") {
    all = digits();
  } else if (spec.type == "mnist" || spec.type == "fashion-mnist") {
    all = mnist_in(spec.type);
  } else if (spec.type == "cifar-10") {
    all = cifar_10();
  } else if (spec.type == "cifar") {
    require(!spec.files.empty(), spec.type, "'files'");
    all.classes = 10;
  } else if (spec.type == "idx") {
    require(!spec.images.empty() && !spec.labels.empty(), spec.type, "'images' and 'labels'");
    require(spec.test_images.empty() == spec.test_labels.empty(), spec.type,
            "both 'test_images' and 'test_labels', or neither");
  } else if (spec.type == "csv") {
    require(!spec.file.empty(), spec.type, "'file'");
  } else {
    throw Error(Code::E503, fmt::format("unknown type of data '{}'", spec.type),
                {.hint = suggest(spec.type, {"digits", "mnist", "fashion-mnist", "cifar-10", "idx",
                                             "cifar", "csv"})});
  }
  all.name = spec.name.empty() ? spec.type : spec.name;
  return all;
}

std::vector<std::string> file_names(const DataSpec& spec) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (!name.empty()) names.push_back(name);
  };
  if (spec.type == "cifar") {
    names = spec.files;
    names.insert(names.end(), spec.test_files.begin(), spec.test_files.end());
  } else if (spec.type == "idx") {
    for (const auto& name : {spec.images, spec.labels, spec.test_images, spec.test_labels}) {
      add(name);
    }
  } else {
    add(spec.file);
    add(spec.test_file);
  }
  return names;
}

}  // namespace deltaw
