// SPDX-License-Identifier: Apache-2.0
// Labelled samples as they are in their files, before any split or scaling. Immutable once loaded:
// any thread may read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "task/find_data.hpp"
#include "task/spec.hpp"

namespace deltaw {

struct Dataset {
  std::string name;
  std::size_t features = 0;
  // features x samples, column by column. Bytes stay bytes: a quarter of float32's memory.
  std::variant<std::vector<std::uint8_t>, std::vector<float>> values;
  std::vector<std::uint32_t> labels;  // one a sample, 0 .. classes - 1
  std::size_t classes = 0;
  std::size_t own_test = 0;           // the last so many samples are the set's own test part
  std::size_t width = 0, height = 0;  // 0 when the features are no image
  std::size_t channels = 1;           // of an image: 3 are red, green, blue, one after another
  double maximum = 0;                 // of a feature, where known; else 0

  [[nodiscard]] std::size_t size() const { return labels.size(); }
};

// Errors: E400 missing file, E401 damaged file, E402 other format, E403 values, E503 wrong spec.
[[nodiscard]] Dataset load_dataset(const DataSpec& spec, const DataFolders& folders);

struct DataFile {
  std::string name;  // as the spec gives it, e.g. "mnist/train-images-idx3-ubyte.gz"
  std::filesystem::path path;
  std::string sha256;
};

// The files that load_dataset would read, for the provenance. Errors: E400.
[[nodiscard]] std::vector<DataFile> data_files(const DataSpec& spec, const DataFolders& folders);

}  // namespace deltaw
