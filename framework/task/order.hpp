// SPDX-License-Identifier: Apache-2.0
// In which order samples are presented, and how a batch is collected. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace deltaw {

// The indices 0 .. n-1 as they are presented in `epoch`: a function of (seed, epoch, n, purpose)
// alone. The first form fills `order`, n = order.size(), without allocating.
void epoch_order(std::uint64_t seed, std::uint64_t epoch, std::span<std::size_t> order,
                 std::string_view purpose = "order");
[[nodiscard]] std::vector<std::size_t> epoch_order(std::uint64_t seed, std::uint64_t epoch,
                                                   std::size_t n);

// How many batches of `size` cover n samples; the last may be smaller. REQUIRES: size > 0.
[[nodiscard]] constexpr std::size_t batch_count(std::size_t n, std::size_t size) {
  return n / size + (n % size != 0 ? 1 : 0);
}

// Batch `k` of an order, 0 <= k < batch_count(order.size(), size), as a part of it.
[[nodiscard]] constexpr std::span<const std::size_t> batch_of(std::span<const std::size_t> order,
                                                              std::size_t size, std::size_t k) {
  const std::size_t left = order.size() - k * size;
  return order.subspan(k * size, left < size ? left : size);
}

// Copies columns index[0 .. count) of `from` into the first `count` columns of `into`. Never
// allocates. REQUIRES: equal rows, count <= into.n_cols, indices within from.n_cols.
template <class T>
void gather(const arma::Mat<T>& from, const std::size_t* index, std::size_t count,
            arma::Mat<T>& into);

extern template void gather(const arma::Mat<float>&, const std::size_t*, std::size_t,
                            arma::Mat<float>&);
extern template void gather(const arma::Mat<double>&, const std::size_t*, std::size_t,
                            arma::Mat<double>&);

}  // namespace deltaw
