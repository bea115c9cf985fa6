// SPDX-License-Identifier: Apache-2.0
// How weights are distributed, for charts. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <vector>

#include "result/npy.hpp"

namespace deltaw {

struct WeightRange {
  double low = 0, high = 0;  // 0 among them
};

// Of the finite weights.
[[nodiscard]] WeightRange range_of(const NpyMatrix& weights);
[[nodiscard]] WeightRange hull(const WeightRange& a, const WeightRange& b);

// How many finite weights lie in each of 40 equal bins.
[[nodiscard]] std::vector<std::size_t> counts_of(const NpyMatrix& weights,
                                                 const WeightRange& range);

}  // namespace deltaw
