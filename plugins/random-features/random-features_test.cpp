// SPDX-License-Identifier: Apache-2.0
#include "random-features.cpp"

#include <doctest/doctest.h>

#include <deltaw/testing.hpp>

using namespace deltaw::testing;

TEST_CASE_TEMPLATE("random features ask for nothing and change nothing", T, float, double) {
  Probe<RandomFeatures, T> rule({}, 3, 4);
  CHECK(arma::abs(rule.update()).max() == 0);
  CHECK(deltaw::detail::info_of<RandomFeatures>().signals == 0);
  CHECK_THROWS_AS(rule.set(deltaw::pre, arma::Mat<T>(4, 1)), std::invalid_argument);
}
