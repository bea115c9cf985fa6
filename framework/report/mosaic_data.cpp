// SPDX-License-Identifier: Apache-2.0
// Tiles in as much detail as the bytes allow.
#include "report/mosaic_data.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/rounded.hpp"
#include "report/arm.hpp"
#include "report/base64.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// Base 64 makes four bytes of three: 2 and 8 MiB of text.
constexpr std::size_t k_mosaic_bytes = 3 << 19, k_page_bytes = 3 << 21;
constexpr std::size_t k_most_units = 4096, k_least_side = 7, k_one_beyond_in = 1000;

struct Tiling {
  std::size_t block, width, height, units;  // a tile's pixel averages block x block weights
};

std::size_t divided(std::size_t length, std::size_t block) { return (length + block - 1) / block; }

Tiling fitted(std::size_t units, const ImageShape& image, std::size_t budget) {
  units = std::min(units, k_most_units);
  for (std::size_t block = 1;; ++block) {
    const Tiling tiling{block, divided(image.width, block), divided(image.height, block), units};
    const std::size_t size = tiling.width * tiling.height * image.channels;
    if (units * size <= budget) return tiling;
    const std::size_t next = divided(std::min(image.width, image.height), block + 1);
    if (next < k_least_side) {
      return {block, tiling.width, tiling.height, std::clamp(budget / size, std::size_t{1}, units)};
    }
  }
}

double average(const NpyMatrix& weights, const ImageShape& image, const Tiling& tiling,
               std::size_t unit, std::size_t first, std::size_t x, std::size_t y) {
  const std::size_t right = std::min((x + 1) * tiling.block, image.width);
  const std::size_t bottom = std::min((y + 1) * tiling.block, image.height);
  double sum = 0, pixels = 0;
  for (std::size_t row = y * tiling.block; row < bottom; ++row) {
    for (std::size_t column = x * tiling.block; column < right; ++column) {
      sum += weights.at(unit, first + row * image.width + column);
      pixels += 1;
    }
  }
  return sum / pixels;
}

std::vector<double> tiles_of(const NpyMatrix& weights, const ImageShape& image,
                             const Tiling& tiling) {
  std::vector<double> values;
  values.reserve(tiling.units * image.channels * tiling.width * tiling.height);
  for (std::size_t unit = 0; unit < tiling.units; ++unit) {
    for (std::size_t channel = 0; channel < image.channels; ++channel) {
      const std::size_t first = channel * image.width * image.height;
      for (std::size_t y = 0; y < tiling.height; ++y) {
        for (std::size_t x = 0; x < tiling.width; ++x) {
          values.push_back(average(weights, image, tiling, unit, first, x, y));
        }
      }
    }
  }
  return values;
}

// Few large weights must not leave all others pale.
double scale_of(const std::vector<double>& values) {
  std::vector<double> sizes;
  sizes.reserve(values.size());
  for (const double value : values) {
    if (std::isfinite(value)) sizes.push_back(std::abs(value));
  }
  if (sizes.empty()) return 0;
  const std::size_t beyond = sizes.size() / k_one_beyond_in;
  const auto place = sizes.end() - 1 - static_cast<std::ptrdiff_t>(beyond);
  std::nth_element(sizes.begin(), place, sizes.end());
  return *place > 0 ? *place : *std::max_element(sizes.begin(), sizes.end());
}

struct FirstConnection {
  std::string name, to;
  std::size_t kernel = 0;  // side of what a filter sees; 0: each unit sees the whole image
};

// Connections from the network's first layer.
std::vector<FirstConnection> first_connections(const json& network) {
  const json layers = network.value("layers", json::array());
  if (layers.empty()) return {};
  const auto input = layers[0].value("name", "input");
  std::vector<FirstConnection> found;
  for (const json& connection : network.value("connections", json::array())) {
    const auto from = connection.value("from", ""), to = connection.value("to", "");
    if (from != input) continue;
    found.push_back({connection.value("name", from + ">" + to), to});
    for (const json& layer : layers) {
      if (layer.value("name", "") == to)
        found.back().kernel = layer.value("kernel", std::size_t{0});
    }
  }
  return found;
}

// Filters keep the channels of a pixel together; a mosaic wants plane after plane.
NpyMatrix plane_by_plane(const NpyMatrix& weights, std::size_t channels) {
  const std::size_t pixels = weights.columns / channels;
  std::vector<double> values;
  values.reserve(weights.rows * weights.columns);
  for (std::size_t column = 0; column < weights.columns; ++column) {
    const std::size_t from = column % pixels * channels + column / pixels;
    for (std::size_t row = 0; row < weights.rows; ++row) values.push_back(weights.at(row, from));
  }
  return {weights.rows, weights.columns, std::move(values)};
}

struct Source {
  std::string rule;
  std::uint64_t seed;
  FirstConnection connection;
};

std::vector<Source> sources_of(const ResultFolder& folder, const json& experiment,
                               const std::vector<std::pair<std::string, std::uint64_t>>& runs) {
  std::vector<Source> sources;
  for (const auto& [rule, seed] : runs) {
    const std::vector<std::string> kept = folder.connections(rule, seed);
    for (FirstConnection& first : first_connections(network_of(experiment, rule))) {
      if (std::ranges::find(kept, first.name) == kept.end()) continue;
      sources.push_back({rule, seed, std::move(first)});
    }
  }
  return sources;
}

}  // namespace

json mosaic_of(const NpyMatrix& weights, const ImageShape& image, std::size_t budget) {
  const Tiling tiling = fitted(weights.rows, image, budget);
  const std::vector<double> values = tiles_of(weights, image, tiling);
  const double scale = scale_of(values);
  Bytes bytes;
  bytes.reserve(values.size());
  for (const double value : values) bytes.push_back(signed_byte_of(scale > 0 ? value / scale : 0));
  return {
      {"units", weights.rows},   {"shown", tiling.units},   {"image", {image.width, image.height}},
      {"width", tiling.width},   {"height", tiling.height}, {"channels", image.channels},
      {"scale", rounded(scale)}, {"pixels", base64(bytes)}};
}

json mosaics_data(const ResultFolder& folder, const json& experiment, const json& image,
                  const std::vector<std::pair<std::string, std::uint64_t>>& runs) {
  const ImageShape whole{.width = image.at("width"),
                         .height = image.at("height"),
                         .channels = image.value("channels", std::size_t{1})};
  const std::vector<Source> sources = sources_of(folder, experiment, runs);
  json mosaics = json::array();
  if (sources.empty()) return mosaics;
  const std::size_t budget = std::min(k_mosaic_bytes, k_page_bytes / sources.size());
  for (const Source& source : sources) {
    const auto& [name, to, kernel] = source.connection;
    NpyMatrix weights = folder.weights(source.rule, source.seed, name);
    const ImageShape shape = kernel > 0 ? ImageShape{kernel, kernel, whole.channels} : whole;
    const std::size_t pixels = shape.width * shape.height * shape.channels;
    if (weights.rows == 0 || pixels == 0 || weights.columns != pixels) continue;
    if (kernel > 0) weights = plane_by_plane(weights, shape.channels);
    json mosaic = mosaic_of(weights, shape, budget);
    mosaic.update({{"rule", source.rule}, {"seed", source.seed}, {"connection", name}, {"to", to}});
    mosaics.push_back(std::move(mosaic));
  }
  return mosaics;
}

}  // namespace deltaw
