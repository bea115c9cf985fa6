// SPDX-License-Identifier: Apache-2.0
// Ratios where they exist, and a partial sort.
#include "analysis/weight_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/error.hpp"

namespace deltaw {

WeightChange weight_change(const arma::mat& before, const arma::mat& after, std::size_t count) {
  if (before.n_rows != after.n_rows || before.n_cols != after.n_cols) {
    throw Error(Code::E205, "weights before and after have unequal shapes",
                {.expected = fmt::format("{} x {}", before.n_rows, before.n_cols),
                 .found = fmt::format("{} x {}", after.n_rows, after.n_cols)});
  }
  WeightChange result;
  const arma::vec size = arma::abs(arma::vectorise(after - before));
  const arma::vec initial = arma::abs(arma::vectorise(before));
  const arma::uvec nonzero = arma::find(initial > 0);
  if (!nonzero.is_empty()) {
    const arma::vec ratios = size.elem(nonzero) / initial.elem(nonzero);
    result.relative = arma::mean(size) / arma::mean(initial);
    result.median_ratio = arma::median(ratios);
    result.unstable_mean_ratio = arma::mean(ratios);
  }
  std::vector<std::size_t> place(size.n_elem);
  std::iota(place.begin(), place.end(), std::size_t{0});
  const auto last = place.begin() + static_cast<std::ptrdiff_t>(std::min(count, place.size()));
  std::partial_sort(place.begin(), last, place.end(), [&](std::size_t a, std::size_t b) {
    return size[a] != size[b] ? size[a] > size[b] : a < b;
  });
  for (auto i = place.begin(); i != last; ++i) {
    result.most.push_back({*i % before.n_rows, *i / before.n_rows, before[*i], after[*i]});
  }
  return result;
}

}  // namespace deltaw
