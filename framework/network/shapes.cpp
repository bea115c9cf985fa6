// SPDX-License-Identifier: Apache-2.0
// From source to target, until nothing changes.
#include "network/shapes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_most_units = 1000000;  // as of dense layers

[[noreturn]] void refuse(Code code, const LayerSpec& layer, std::string_view problem,
                         Detail detail = {}) {
  throw Error(code, fmt::format("layer '{}' {}", layer.name, problem), std::move(detail));
}

std::string text_of(const ImageSize& image) {
  return fmt::format("{} x {} pixels", image.height, image.width);
}

void check_type(const LayerSpec& layer) {
  static const std::vector<std::string> types = {"dense",   "conv2d",    "max-pool", "flatten",
                                                 "dropout", "normalise", "gru",      "lstm"};
  if (std::ranges::find(types, layer.type) == types.end()) {
    refuse(Code::E503, layer, fmt::format("has an unknown type '{}'", layer.type),
           {.hint = suggest(layer.type, types)});
  }
  if (layer.type == "dense") return;
  if (layer.lateral.exists()) {
    refuse(Code::E503, layer, fmt::format("is {}, and has lateral connections", layer.type),
           {.hint = "leave them out, or a dense layer"});
  }
  if (layer.type == "dropout" && !(layer.share >= 0 && layer.share < 1)) {
    refuse(Code::E503, layer, "drops more than it has",
           {.expected = "a share from 0 to below 1", .found = fmt::format("{}", layer.share)});
  }
}

// Steps of a trial are no samples: what silences or pools them would have to say at which step.
void check_time(const NetworkSpec& network) {
  const auto moves = [](const LayerSpec& layer) { return layer.dynamics.type != "static"; };
  const auto is_special = [](const LayerSpec& layer) { return layer.type != "dense"; };
  const auto special = std::ranges::find_if(network.layers, is_special);
  if (special == network.layers.end() || std::ranges::none_of(network.layers, moves)) return;
  refuse(Code::E503, *special, fmt::format("is {}, in a network with time", special->type),
         {.expected = "dense layers, or none with dynamics"});
}

// The places of the one source of each layer that is not dense; its own place for others.
std::vector<std::size_t> find_sources(const NetworkSpec& network) {
  std::vector<std::size_t> sources;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const LayerSpec& layer = network.layers[i];
    check_type(layer);
    sources.push_back(i);
    if (layer.type == "dense") continue;
    std::size_t count = 0;
    for (const ConnectionSpec& c : network.connections) {
      if (c.to != layer.name || (is_gated(layer) && c.from == layer.name)) continue;
      ++count;
      for (std::size_t k = 0; k < network.layers.size(); ++k) {
        if (network.layers[k].name == c.from) sources[i] = k;
      }
    }
    if (count == 1) continue;
    refuse(Code::E503, layer, fmt::format("is {}, and has {} sources", layer.type, count),
           {.expected = "one connection into it from another layer"});
  }
  return sources;
}

void take_shape(LayerSpec& layer, const LayerSpec& source, bool is_planar) {
  if (is_gated(layer)) {
    layer.steps = sequence_of(layer, source, is_planar).steps();
    return;
  }
  const std::size_t given = layer.units;
  if (layer.type == "conv2d" || layer.type == "max-pool") {
    layer.image = patches_of(layer, source, is_planar).target;
    layer.units = layer.image.units();
  } else {
    layer.units = source.units;
    const bool is_by_pixel = !is_planar || source.image.channels == 1;
    if (layer.type != "flatten" && is_by_pixel) layer.image = source.image;
  }
  if (given != 0 && given != layer.units) {
    refuse(Code::E518, layer, "cannot have as many units as it says",
           {.expected = fmt::format("{} units, from its source", layer.units),
            .found = fmt::format("{}", given),
            .hint = "leave \"units\" out"});
  }
  if (layer.units <= k_most_units) return;
  refuse(Code::E518, layer, "has too many units",
         {.expected = fmt::format("at most {}", k_most_units),
          .found = fmt::format("{}", layer.units)});
}

}  // namespace

bool is_weightless(const LayerSpec& layer) {
  return layer.type == "max-pool" || layer.type == "flatten" || layer.type == "dropout" ||
         layer.type == "normalise";
}

bool is_gated(const LayerSpec& layer) { return layer.type == "gru" || layer.type == "lstm"; }

Patches patches_of(const LayerSpec& layer, const LayerSpec& source, bool is_planar) {
  const bool is_conv = layer.type == "conv2d";
  const char* square = is_conv ? "kernel" : "square";
  const ImageSize& image = source.image;
  if (layer.side == 0 || layer.stride == 0 || (is_conv && layer.filters == 0)) {
    refuse(Code::E503, layer, "looks at nothing",
           {.expected = fmt::format("a {}, a stride and filters of 1 or more", square)});
  }
  if (!image.exists()) {
    refuse(Code::E518, layer,
           fmt::format("is {}, and its source '{}' is no image", layer.type, source.name),
           {.expected = "an input with an \"image\", or a layer that is one",
            .found = fmt::format("{} units without places", source.units),
            .hint = "\"image\": [28, 28] on the input"});
  }
  if (layer.padding >= layer.side) {
    refuse(Code::E503, layer, "has kernels that see nothing but padding",
           {.expected = fmt::format("padding below {}", layer.side),
            .found = fmt::format("{}", layer.padding)});
  }
  const std::size_t around = 2 * layer.padding;
  if (std::min(image.height, image.width) + around < layer.side) {
    refuse(Code::E518, layer,
           fmt::format("has a {} of {} x {} pixels, which no place of '{}' holds", square,
                       layer.side, layer.side, source.name),
           {.expected = fmt::format("at most {}", std::min(image.height, image.width) + around),
            .found = fmt::format("an image of {}", text_of(image)),
            .hint = is_conv ? "a smaller kernel, \"padding\", or fewer layers that shrink the image"
                            : "fewer layers that shrink the image"});
  }
  const auto places = [&](std::size_t length) {
    return (length + around - layer.side) / layer.stride + 1;
  };
  return {image,
          {places(image.height), places(image.width), is_conv ? layer.filters : image.channels},
          layer.side,
          layer.stride,
          layer.padding,
          is_planar && image.channels > 1};
}

Sequence sequence_of(const LayerSpec& layer, const LayerSpec& source, bool is_planar) {
  if (layer.units == 0) refuse(Code::E503, layer, "has no units");
  if (layer.axis != "rows" && layer.axis != "columns") {
    refuse(
        Code::E503, layer, fmt::format("takes '{}' for its steps", layer.axis),
        {.expected = "\"rows\" or \"columns\"", .hint = suggest(layer.axis, {"rows", "columns"})});
  }
  const ImageSize& image = source.image;
  if (!image.exists()) {
    refuse(Code::E518, layer,
           fmt::format("is {}, and its source '{}' has no time", layer.type, source.name),
           {.expected = "an image, whose rows or columns are the steps",
            .found = fmt::format("{} units without places", source.units),
            .hint = "\"image\": [28, 28] on the input, and no flatten, dense or recurrent layer "
                    "between"});
  }
  const Sequence sequence{image, is_planar && image.channels > 1, layer.axis == "columns"};
  if (layer.steps == 0 || layer.steps == sequence.steps()) return sequence;
  refuse(Code::E518, layer, "cannot have as many steps as it says",
         {.expected = fmt::format("{}, the {} of '{}'", sequence.steps(), layer.axis, source.name),
          .found = fmt::format("{}", layer.steps),
          .hint = "leave \"steps\" out"});
}

void derive_shapes(NetworkSpec& network) {
  check_time(network);
  const std::vector<std::size_t> sources = find_sources(network);
  std::vector<bool> is_known;
  for (LayerSpec& layer : network.layers) {
    is_known.push_back(layer.type == "dense");
    if (layer.type == "dense" && layer.image.exists()) layer.units = layer.image.units();
  }
  const auto has_source = [&](const LayerSpec& layer) {
    return std::ranges::any_of(network.connections,
                               [&](const ConnectionSpec& c) { return c.to == layer.name; });
  };
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      if (is_known[i] || !is_known[sources[i]]) continue;
      const LayerSpec& source = network.layers[sources[i]];
      take_shape(network.layers[i], source, !has_source(source));
      is_known[i] = has_changed = true;
    }
  }
}

}  // namespace deltaw
