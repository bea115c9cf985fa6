// SPDX-License-Identifier: Apache-2.0
// Which patterns the units of a layer respond to, how much they overlap and how many they hold
// together. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace deltaw {

// After Squadrani, Curti et al. 2022 (doi:10.3390/e24050682): unit i has selected pattern x where
// y_i(x) is above its mean over all patterns; A_i are the patterns that it has selected.
struct PatternSelectivity {
  std::size_t patterns = 0;                         // |X|
  std::vector<std::size_t> alpha;                   // |A_i|, by unit
  std::size_t selected = 0;                         // S = |union of A_i|
  std::size_t capacity = 0;                         // min(|X|, sum of alpha)
  std::size_t dead = 0;                             // units with alpha 0: they respond to all alike
  std::vector<std::vector<std::size_t>> per_class;  // units x classes: |A_i| by class of pattern

  [[nodiscard]] double mean_alpha() const;
  // beta = S / mean alpha, from 1 (all units have selected the same) to the number of units (no two
  // have selected one pattern); empty where no unit has selected any.
  [[nodiscard]] std::optional<double> overlap() const;
};

// activity: units x patterns; labels: a class below `classes` for each pattern. A unit whose
// responses differ by rounding alone (core/constant.hpp) has selected none.
template <class T>
[[nodiscard]] PatternSelectivity pattern_selectivity(const arma::Mat<T>& activity,
                                                     std::span<const std::uint32_t> labels,
                                                     std::size_t classes);

extern template PatternSelectivity pattern_selectivity(const arma::Mat<float>&,
                                                       std::span<const std::uint32_t>, std::size_t);
extern template PatternSelectivity pattern_selectivity(const arma::Mat<double>&,
                                                       std::span<const std::uint32_t>, std::size_t);

}  // namespace deltaw
