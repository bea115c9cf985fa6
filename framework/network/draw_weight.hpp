// SPDX-License-Identifier: Apache-2.0
// One initial weight. Touches only the stream that is given: any thread.
#pragma once

#include "core/random.hpp"
#include "network/spec.hpp"

namespace deltaw {

// A draw of an initialiser that takes each weight on its own: Glorot and Bengio 2010, He et al.
// 2015 (uniform and normal forms), normal, abs-normal, uniform, constant, zeros. In double, so that
// float32 and float64 runs of one seed start from the same numbers. Error: E503 for any other.
[[nodiscard]] double draw_weight(const InitSpec& init, Random& random, double fan_in,
                                 double fan_out);

}  // namespace deltaw
