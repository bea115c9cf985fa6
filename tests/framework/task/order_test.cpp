// SPDX-License-Identifier: Apache-2.0
#include "task/order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace deltaw;

TEST_CASE("an epoch presents every sample once, in an order of seed and epoch alone") {
  const auto order = epoch_order(3, 5, 1000);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < sorted.size(); ++k) REQUIRE(sorted[k] == k);
  CHECK(epoch_order(3, 5, 1000) == order);
  CHECK(epoch_order(3, 6, 1000) != order);
  CHECK(epoch_order(4, 5, 1000) != order);
  std::vector<std::size_t> filled(1000, 77);
  epoch_order(3, 5, std::span(filled));
  CHECK(filled == order);
}

TEST_CASE("over many epochs each sample is as often first as any other") {
  std::vector<int> first(6);
  for (std::uint64_t epoch = 0; epoch < 12000; ++epoch) ++first[epoch_order(1, epoch, 6)[0]];
  for (const int count : first) CHECK(std::abs(count - 2000) < 4 * std::sqrt(12000 * 5.0 / 36));
}

TEST_CASE("batches cover an order without overlap, the last one with what is left") {
  const std::vector<std::size_t> order = {4, 2, 0, 6, 1, 5, 3};
  REQUIRE(batch_count(7, 3) == 3);
  CHECK(batch_count(6, 3) == 2);
  CHECK(batch_count(0, 3) == 0);
  std::vector<std::size_t> seen, sizes;
  for (std::size_t k = 0; k < batch_count(7, 3); ++k) {
    const auto batch = batch_of(order, 3, k);
    sizes.push_back(batch.size());
    seen.insert(seen.end(), batch.begin(), batch.end());
  }
  CHECK(seen == order);
  CHECK(sizes == std::vector<std::size_t>{3, 3, 1});
}

TEST_CASE_TEMPLATE("gather copies the named columns and nothing else", T, float, double) {
  arma::Mat<T> from(2, 4);
  std::iota(from.begin(), from.end(), T(0));
  arma::Mat<T> into(2, 3);
  into.fill(T(-1));
  const T* const memory = into.memptr();
  const std::size_t index[] = {3, 1};
  gather(from, index, 2, into);
  CHECK(into.memptr() == memory);
  const std::vector<T> expected = {6, 7, 2, 3, -1, -1};
  CHECK(std::equal(into.begin(), into.end(), expected.begin()));
}
