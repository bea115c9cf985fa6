// SPDX-License-Identifier: Apache-2.0
#include "statistics/holm.hpp"

#include <algorithm>
#include <cstddef>

#include "core/ascending.hpp"

namespace deltaw {

std::vector<double> holm(std::span<const double> p_values) {
  const std::size_t n = p_values.size();
  const std::vector<std::size_t> order = ascending(p_values);
  std::vector<double> adjusted(n);
  double largest = 0;
  for (std::size_t place = 0; place < n; ++place) {
    largest = std::max(largest, static_cast<double>(n - place) * p_values[order[place]]);
    adjusted[order[place]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace deltaw
