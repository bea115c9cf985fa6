// SPDX-License-Identifier: Apache-2.0
// Against sums written out in double.
#include "training/pair_sums.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "core/random.hpp"

using namespace deltaw;

TEST_CASE_TEMPLATE("sums over pairs are those written out, whatever the length", T, float, double) {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1024U, 1025U, 5000U}) {
    CAPTURE(size);
    Random random(3, "pairs", size);
    std::vector<T> d(size), g(size);
    double product = 0, own = 0, reference = 0, same = 0, compared = 0;
    for (std::size_t i = 0; i < size; ++i) {
      d[i] = i % 7 == 3 ? T(0) : static_cast<T>(random.normal());
      g[i] = i % 5 == 2 ? T(0) : static_cast<T>(random.normal());
      product += static_cast<double>(d[i]) * static_cast<double>(g[i]);
      own += static_cast<double>(d[i]) * static_cast<double>(d[i]);
      reference += static_cast<double>(g[i]) * static_cast<double>(g[i]);
      if (d[i] != 0 && g[i] != 0) compared += 1;
      if ((d[i] > 0 && g[i] > 0) || (d[i] < 0 && g[i] < 0)) same += 1;
    }
    const PairSums sums = sums_of(d.data(), g.data(), size);
    const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-12;
    CHECK(sums.product == doctest::Approx(product).epsilon(tolerance).scale(1 + own));
    CHECK(sums.own == doctest::Approx(own).epsilon(tolerance));
    CHECK(sums.reference == doctest::Approx(reference).epsilon(tolerance));
    CHECK(sums.same == same);
    CHECK(sums.compared == compared);
  }
}

TEST_CASE("signs count where products of tiny numbers would vanish") {
  const std::vector<float> d = {1e-30F, -1e-30F, 1e-30F}, g = {1e-30F, -1e-30F, -1e-30F};
  const PairSums sums = sums_of(d.data(), g.data(), 3);
  CHECK(sums.same == 2);
  CHECK(sums.compared == 3);
}

TEST_CASE_TEMPLATE("of a matrix and itself all three products are equal to the bit", T, float,
                   double) {
  std::vector<T> d(777);
  Random random(4, "self");
  for (T& value : d) value = static_cast<T>(random.normal());
  const PairSums sums = sums_of(d.data(), d.data(), d.size());
  CHECK(sums.product == sums.own);
  CHECK(sums.product == sums.reference);
}
