// SPDX-License-Identifier: Apache-2.0
// Reader of CIFAR-10's binary format (Krizhevsky 2009). Pure function: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace deltaw {

struct CifarImages {
  static constexpr std::size_t k_side = 32, k_channels = 3, k_classes = 10;
  static constexpr std::size_t k_features = k_side * k_side * k_channels;

  // k_features an image, image after image: all of red, of green, of blue, each row by row.
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint32_t> labels;
  std::vector<std::size_t> counts;  // images of each file
};

// All files, one after another; plain or compressed. A record is the label and the pixels: 3073
// bytes. Errors: E400 not readable; E401 empty, ends inside a record; E403 label above 9.
[[nodiscard]] CifarImages read_cifar(const std::vector<std::filesystem::path>& files);

}  // namespace deltaw
