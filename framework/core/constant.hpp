// SPDX-License-Identifier: Apache-2.0
// Whether values that were computed alike are one value. Pure function: any thread.
#pragma once

#include <algorithm>
#include <cmath>

namespace deltaw {

// Whether values between `least` and `most` differ by no more than rounding in single precision may
// make them differ: sums of n terms do by some sqrt(n) 6e-8 of their size, softmax by the rounding
// of its drive.
[[nodiscard]] inline bool is_constant(double least, double most) {
  return most - least <= 1e-5 * std::max(std::abs(least), std::abs(most));
}

}  // namespace deltaw
