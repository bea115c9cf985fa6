// SPDX-License-Identifier: Apache-2.0
// Reader of IDX files, the format of MNIST (LeCun, Cortes, Burges 1998). Pure function: any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace deltaw {

struct IdxPair {
  std::filesystem::path images, labels;
};

struct IdxImages {
  std::vector<std::uint8_t> pixels;  // rows * columns an image, image after image, row by row
  std::vector<std::uint8_t> labels;
  std::size_t rows = 0, columns = 0;
  std::size_t last = 0;  // how many images came from the last pair
};

// Images and labels of all pairs, one after another; plain or compressed, unsigned bytes. Nothing
// is allocated for a header's promise that its file cannot hold. REQUIRES: at least one pair.
// Errors: E400 not readable; E401 truncated, trailing bytes, impossible sizes, counts that differ;
// E402 not IDX, other number of dimensions, images of different size.
[[nodiscard]] IdxImages read_idx(const std::vector<IdxPair>& pairs);

}  // namespace deltaw
