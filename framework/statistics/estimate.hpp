// SPDX-License-Identifier: Apache-2.0
// What estimates look like, and how many seeds they need. Plain values: any thread.
#pragma once

#include <cstddef>

namespace deltaw {

// Below this many pairs no sign-flip test can reach p < 0.05: the least p is 2 / 2^n.
inline constexpr std::size_t least_pairs = 6;

struct Interval {
  double low = 0, high = 0;
};

struct Estimate {
  double median = 0, low = 0, high = 0;
  std::size_t n = 0;
};

// A chance or a part of a whole, in 0 .. 1.
struct Share {
  double share = 0, low = 0, high = 0;
  std::size_t n = 0;
};

}  // namespace deltaw
