// SPDX-License-Identifier: Apache-2.0
// An image as a sequence: its rows from above, or its columns from the left, each a step. Plain
// values: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "network/spec.hpp"

namespace deltaw {

// A step shows its pixels from the left, or from above, the channels of a pixel together.
struct Sequence {
  ImageSize source;
  bool is_planar = false;  // the source lies plane by plane
  bool is_by_column = false;

  [[nodiscard]] std::size_t steps() const { return is_by_column ? source.width : source.height; }
  // Of one step.
  [[nodiscard]] std::size_t inputs() const { return steps() == 0 ? 0 : source.units() / steps(); }
};

// Unit `order[t inputs() + i]` of the source is input i of step t.
[[nodiscard]] std::vector<std::uint32_t> order_of(const Sequence& sequence);

}  // namespace deltaw
