// SPDX-License-Identifier: Apache-2.0
// Which samples go into which part of a split. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "task/dataset.hpp"

namespace deltaw {

struct Choice {
  std::vector<std::size_t> train, validation, test;  // indices of samples, ascending
};

// Drawn with purpose "split" from the spec's seed, or where it has none from `seed`. Stratified,
// each part gets of each class its share to within one sample. Errors: E404 shares that are
// negative or add up to more than 1, no training samples, or a class with too few samples to be in
// every part.
[[nodiscard]] Choice choose(const Dataset& data, const SplitSpec& spec, std::uint64_t seed);

// `total` divided in proportion to `weights` (not all 0), each part its quota rounded down or up
// (largest remainders, Hamilton 1792); parts of weight 0 get nothing.
[[nodiscard]] std::vector<std::size_t> apportion(std::size_t total,
                                                 const std::vector<double>& weights);

}  // namespace deltaw
