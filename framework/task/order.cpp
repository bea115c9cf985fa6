// SPDX-License-Identifier: Apache-2.0
// Shuffling by Fisher and Yates; gathering by memcpy, a column at a time.
#include "task/order.hpp"

#include <cassert>
#include <cstring>
#include <numeric>
#include <utility>

#include "core/random.hpp"

namespace deltaw {

void epoch_order(std::uint64_t seed, std::uint64_t epoch, std::span<std::size_t> order,
                 std::string_view purpose) {
  Random random(seed, purpose, epoch);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(k)]);
}

std::vector<std::size_t> epoch_order(std::uint64_t seed, std::uint64_t epoch, std::size_t n) {
  std::vector<std::size_t> order(n);
  epoch_order(seed, epoch, std::span(order));
  return order;
}

template <class T>
void gather(const arma::Mat<T>& from, const std::size_t* index, std::size_t count,
            arma::Mat<T>& into) {
  assert(into.n_rows == from.n_rows && count <= into.n_cols);
  const std::size_t rows = from.n_rows;
  for (std::size_t k = 0; k < count; ++k) {
    assert(index[k] < from.n_cols);
    std::memcpy(into.memptr() + k * rows, from.memptr() + index[k] * rows, rows * sizeof(T));
  }
}

template void gather(const arma::Mat<float>&, const std::size_t*, std::size_t, arma::Mat<float>&);
template void gather(const arma::Mat<double>&, const std::size_t*, std::size_t, arma::Mat<double>&);

}  // namespace deltaw
