// SPDX-License-Identifier: Apache-2.0
#include "report/pictures_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/rounded.hpp"
#include "report/arm.hpp"
#include "report/base64.hpp"
#include "report/mosaic_data.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// Of all arms together, before base 64 makes four of three.
constexpr std::size_t k_page_bytes = 1 << 20;
constexpr std::size_t k_most_filters = 16;

json pictures_of(const std::vector<double>& values, const ImageShape& shape) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  Bytes bytes;
  bytes.reserve(values.size());
  for (const double value : values) {
    bytes.push_back(byte_of(high > low ? 255 * (value - low) / (high - low) : 0));
  }
  const std::size_t size = shape.width * shape.height * shape.channels;
  return {{"width", shape.width},          {"height", shape.height}, {"channels", shape.channels},
          {"count", values.size() / size}, {"low", rounded(low)},    {"high", rounded(high)},
          {"pixels", base64(bytes)}};
}

// The first columns, which are images plane by plane as data have them.
json images_of(const NpyMatrix& images, const ImageShape& shape, std::size_t count) {
  std::vector<double> values;
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t i = 0; i < images.rows; ++i) values.push_back(images.at(i, k));
  }
  return pictures_of(values, shape);
}

std::size_t size_of(const ImageShape& shape) { return shape.width * shape.height * shape.channels; }

json mistakes_of(const NpyMatrix& images, const NpyMatrix& answers, const ImageShape& shape,
                 std::size_t budget) {
  const std::size_t most = std::max<std::size_t>(1, budget / size_of(shape));
  const std::size_t count = std::min({images.columns, answers.columns, most});
  json said = json::array();
  for (std::size_t k = 0; k < count; ++k) {
    said.push_back({{"sample", answers.at(0, k)},
                    {"class", answers.at(1, k)},
                    {"answer", answers.at(2, k)},
                    {"probability", rounded(answers.at(3, k))}});
  }
  return {{"shown", images_of(images, shape, count)}, {"answers", std::move(said)}};
}

// Units of a convolution lie pixel by pixel, each with all filters.
json maps_of(const NpyMatrix& activity, const NpyMatrix& shape, std::size_t budget) {
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(shape.at(i, 0)); };
  const ImageShape map{.width = at(1), .height = at(0)};
  const std::size_t filters = at(2), pixels = map.width * map.height;
  if (pixels * filters != activity.rows || activity.rows == 0) return {};
  const std::size_t fitting = budget / (pixels * std::max<std::size_t>(1, activity.columns));
  const std::size_t shown = std::clamp<std::size_t>(fitting, 1, std::min(filters, k_most_filters));
  std::vector<double> values;
  for (std::size_t k = 0; k < activity.columns; ++k) {
    for (std::size_t filter = 0; filter < shown; ++filter) {
      for (std::size_t i = 0; i < pixels; ++i)
        values.push_back(activity.at(i * filters + filter, k));
    }
  }
  return {{"filters", filters}, {"shown", pictures_of(values, map)}};
}

std::string first_convolution(const json& network) {
  const json layers = network.value("layers", json::array());
  for (const json& layer : layers) {
    if (layer.value("type", "") == "conv2d") return layer.value("name", "");
  }
  return "";
}

}  // namespace

json pictures_data(const ResultFolder& folder, const json& experiment, const json& image,
                   const std::vector<std::pair<std::string, std::uint64_t>>& runs) {
  const ImageShape shape{.width = image.at("width"),
                         .height = image.at("height"),
                         .channels = image.value("channels", std::size_t{1})};
  json mistakes = json::array(), maps = json::array();
  const std::size_t budget = k_page_bytes / std::max<std::size_t>(1, 2 * runs.size());
  for (const auto& run : runs) {
    const auto& rule = run.first;
    const auto seed = run.second;
    const auto array = [&](const char* name) { return folder.array(rule, seed, name); };
    const auto add = [&](json& list, json entry) {
      entry.update({{"rule", rule}, {"seed", seed}});
      list.push_back(std::move(entry));
    };
    const auto images = array("mistakes/images"), answers = array("mistakes/answers");
    if (images && answers && images->columns > 0 && images->rows == size_of(shape)) {
      add(mistakes, mistakes_of(*images, *answers, shape, budget));
    }
    const auto given = array("maps/images"), activity = array("maps/activity");
    const auto map = array("maps/shape");
    if (!given || !activity || !map || given->rows != size_of(shape)) continue;
    json entry = maps_of(*activity, *map, budget);
    if (entry.is_null()) continue;
    entry["layer"] = first_convolution(network_of(experiment, rule));
    entry["images"] = images_of(*given, shape, given->columns);
    add(maps, std::move(entry));
  }
  return {{"mistakes", std::move(mistakes)}, {"maps", std::move(maps)}};
}

}  // namespace deltaw
