// SPDX-License-Identifier: Apache-2.0
// Where in the unit cube the trials of a search lie: the same points for every arm. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace deltaw {

// The first points of Sobol's sequence with the direction numbers of Joe and Kuo (2008,
// doi:10.1137/070709359), the origin left out: count x dimensions, point by point, as multiples of
// 2^-64. REQUIRES: dimensions > 0.
[[nodiscard]] std::vector<std::uint64_t> sobol_points(std::size_t count, std::size_t dimensions);

class Points {
 public:
  // `search` is "random" or "sobol", whose points are shifted digit by digit (Matousek 1998,
  // doi:10.1006/jcom.1998.0489) by what `seed` draws for each dimension. A coordinate depends on
  // search, seed, point and dimension alone, so an arm with fewer dimensions sees a part of what
  // the others see.
  Points(const std::string& search, std::uint64_t seed, std::size_t count, std::size_t dimensions);

  // In [0, 1). REQUIRES: below count and dimensions.
  [[nodiscard]] double at(std::size_t point, std::size_t dimension) const {
    return coordinates_[point * dimensions_ + dimension];
  }

 private:
  std::size_t dimensions_;
  std::vector<double> coordinates_;
};

}  // namespace deltaw
