// SPDX-License-Identifier: Apache-2.0
// Band by band of rows, so that what was summed is still in the cache when it is scaled.
#include "spiking/normalise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace deltaw {
namespace {

constexpr std::size_t k_band = 128;        // rows: 0.4 MB of float32 for 784 columns
constexpr std::size_t k_group = 16;        // rows of a cache line of float32
constexpr std::size_t k_shared = 1 << 16;  // weights from which on sharing them out is worth it

// Sums of rows [first, first + n) in `sums`.
template <class T>
void add_rows(const arma::Mat<T>& weights, std::size_t first, std::size_t n, T* sums) {
  std::fill_n(sums, n, T(0));
  for (std::size_t column = 0; column < weights.n_cols; ++column) {
    const T* from = weights.colptr(column) + first;
    for (std::size_t k = 0; k < n; ++k) sums[k] += from[k];
  }
}

// Turns sums into factors; whether any is not 1.
template <class T>
bool find_factors(T sum, std::size_t n, T* sums) {
  const T close = 64 * std::numeric_limits<T>::epsilon() * sum;
  bool changes = false;
  for (std::size_t k = 0; k < n; ++k) {
    const bool stays = !(sums[k] > 0) || std::abs(sums[k] - sum) <= close;
    sums[k] = stays ? T(1) : sum / sums[k];
    changes |= !stays;
  }
  return changes;
}

template <class T>
void scale_rows(arma::Mat<T>& weights, std::size_t first, std::size_t n, const T* factors) {
  for (std::size_t column = 0; column < weights.n_cols; ++column) {
    T* to = weights.colptr(column) + first;
    for (std::size_t k = 0; k < n; ++k) to[k] *= factors[k];
  }
}

// Rows [range.first, range.last), band by band.
template <class T>
void scale_range(arma::Mat<T>& weights, T sum, Range range) {
  T factors[k_band];
  for (std::size_t first = range.first; first < range.last; first += k_band) {
    const std::size_t n = std::min<std::size_t>(k_band, range.last - first);
    add_rows(weights, first, n, factors);
    for (std::size_t k = 0; k < n; k += k_group) {
      const std::size_t rows = std::min(k_group, n - k);
      if (!find_factors(sum, rows, factors + k)) continue;
      scale_rows(weights, first + k, rows, factors + k);
    }
  }
}

}  // namespace

template <class T>
void scale_rows_to(arma::Mat<T>& weights, double sum, Team* team) {
  const auto to = static_cast<T>(sum);
  if (team == nullptr || weights.n_elem < k_shared) {
    scale_range(weights, to, {0, weights.n_rows});
    return;
  }
  team->run([&](std::size_t k) {
    scale_range(weights, to, share_of(weights.n_rows, k, team->members(), k_group));
  });
}

template void scale_rows_to(arma::Mat<float>&, double, Team*);
template void scale_rows_to(arma::Mat<double>&, double, Team*);

}  // namespace deltaw
