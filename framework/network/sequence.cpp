// SPDX-License-Identifier: Apache-2.0
// Three loops: steps, pixels of a step, channels.
#include "network/sequence.hpp"

namespace deltaw {

std::vector<std::uint32_t> order_of(const Sequence& sequence) {
  const auto& [height, width, channels] = sequence.source;
  std::vector<std::uint32_t> order;
  order.reserve(sequence.source.units());
  const std::size_t pixels = sequence.is_by_column ? height : width;
  for (std::size_t step = 0; step < sequence.steps(); ++step) {
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      const std::size_t y = sequence.is_by_column ? pixel : step;
      const std::size_t x = sequence.is_by_column ? step : pixel;
      for (std::size_t c = 0; c < channels; ++c) {
        const std::size_t unit =
            sequence.is_planar ? (c * height + y) * width + x : (y * width + x) * channels + c;
        order.push_back(static_cast<std::uint32_t>(unit));
      }
    }
  }
  return order;
}

}  // namespace deltaw
