// SPDX-License-Identifier: Apache-2.0
// Weights from images into units as pictures small enough for a page. Any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "result/folder.hpp"

namespace deltaw {

struct ImageShape {
  std::size_t width = 0, height = 0;
  std::size_t channels = 1;  // planes, one after the other
};

// Of weights (units x pixels): {units: all of them, shown: the first so many, image: [width,
// height], width, height: of a tile, channels, scale, pixels: base64 of a byte 0 .. 254 a pixel,
// unit after unit, each plane after plane and row after row}: 127 is 0, and 254 is `scale` or more,
// the size that one weight in a thousand exceeds. A tile is the image in less and less detail,
// averaged over squares, down to 7 pixels a side, until all units fit into `budget` bytes; then
// come fewer units. REQUIRES: weights.columns == width * height * channels > 0, units > 0.
[[nodiscard]] nlohmann::json mosaic_of(const NpyMatrix& weights, const ImageShape& image,
                                       std::size_t budget);

// mosaic_of(), with rule, seed, connection and `to` (a layer), of every connection from the input
// that the runs (rule, seed) left; all of them share the bytes that a page has. `image` is the
// summary's {width, height, channels?}; of a convolution it is what a filter sees. Error: E603.
[[nodiscard]] nlohmann::json mosaics_data(
    const ResultFolder& folder, const nlohmann::json& experiment, const nlohmann::json& image,
    const std::vector<std::pair<std::string, std::uint64_t>>& runs);

}  // namespace deltaw
