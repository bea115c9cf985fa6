// SPDX-License-Identifier: Apache-2.0
// Images that a network gets wrong, and what its first convolution makes of some, small enough for
// a page. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "result/folder.hpp"

namespace deltaw {

// {mistakes: [{rule, seed, shown: pictures, answers: [{sample, class, answer, probability}]}],
//  maps: [{rule, seed, layer, filters: all of them, images: pictures, shown: pictures, the first
//  filters of the first image, of the second, ...}]} of the runs (rule, seed) that left them, see
// comparison/shown_images.hpp. Pictures are {width, height, channels, count, low, high, pixels:
// base64 of a byte a pixel, picture after picture, each plane after plane and row after row}, where
// 0 is `low`, the least of all values, and 255 `high`. `image` is the summary's {width, height,
// channels?}. Error: E603.
[[nodiscard]] nlohmann::json pictures_data(
    const ResultFolder& folder, const nlohmann::json& experiment, const nlohmann::json& image,
    const std::vector<std::pair<std::string, std::uint64_t>>& runs);

}  // namespace deltaw
