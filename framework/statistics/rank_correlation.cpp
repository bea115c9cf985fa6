// SPDX-License-Identifier: Apache-2.0
#include "statistics/rank_correlation.hpp"

#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/ascending.hpp"

namespace deltaw {
namespace {

// Less their mean, so that they sum to 0.
std::vector<double> centred_ranks(std::span<const double> values) {
  const std::vector<std::size_t> order = ascending(values);
  std::vector<double> ranks(values.size());
  const double centre = (static_cast<double>(values.size()) - 1) / 2;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    const double shared = static_cast<double>(first + last - 1) / 2;
    for (; first < last; ++first) ranks[order[first]] = shared - centre;
  }
  return ranks;
}

}  // namespace

std::optional<double> spearman(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  if (a.size() < 3) return std::nullopt;
  const std::vector<double> x = centred_ranks(a), y = centred_ranks(b);
  const auto product = [](const std::vector<double>& u, const std::vector<double>& v) {
    return std::inner_product(u.begin(), u.end(), v.begin(), 0.0);
  };
  const double length = std::sqrt(product(x, x) * product(y, y));
  if (length == 0) return std::nullopt;
  return product(x, y) / length;
}

}  // namespace deltaw
