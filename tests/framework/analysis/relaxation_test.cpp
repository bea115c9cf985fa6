// SPDX-License-Identifier: Apache-2.0
#include "analysis/relaxation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "error_of.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

// Two units pushed apart by (3, 4) at step 10, which then changes by e in `tau` ms.
arma::fmat pushed(const arma::fmat& clean, double tau, double dt) {
  arma::fmat result = clean;
  for (arma::uword step = 10; step < clean.n_cols; ++step) {
    const double size = std::exp(-dt * static_cast<double>(step - 10) / tau);
    result(0, step) += static_cast<float>(3 * size);
    result(1, step) -= static_cast<float>(4 * size);
  }
  return result;
}

const arma::fmat still(2, 100, arma::fill::zeros);

}  // namespace

TEST_CASE("the time in which a planted push decays is found, in milliseconds") {
  const Relaxation found = relaxation(pushed(still, 30, 2), still, {12, 60}, 2);
  CHECK(found.distance.n_elem == 100);
  CHECK(found.distance[9] == 0);
  CHECK(found.distance[10] == Approx(5));
  CHECK(found.distance[25] == Approx(5 * std::exp(-1.0)));
  CHECK(*found.time == Approx(30).epsilon(1e-5));
}

TEST_CASE("a push that grows has a negative time, one that stays an infinite one") {
  CHECK(*relaxation(pushed(still, -50, 1), still, {10, 100}).time == Approx(-50).epsilon(1e-5));
  const double forever = std::numeric_limits<double>::infinity();
  CHECK(std::abs(*relaxation(pushed(still, forever, 1), still, {10, 100}).time) > 1e9);
}

TEST_CASE("steps without distance have no logarithm, and one step makes no line") {
  CHECK(*relaxation(pushed(still, 30, 1), still, {0, 50}).time == Approx(30).epsilon(1e-5));
  CHECK_FALSE(relaxation(pushed(still, 30, 1), still, {0, 11}).time);
  CHECK_FALSE(relaxation(still, still, {0, 100}).time);
}

TEST_CASE("trials of unequal shapes are named") {
  const Error error = error_of([] { (void)relaxation(arma::fmat(2, 3), still, {0, 3}); });
  CHECK(error.code() == Code::E205);
  CHECK(error.detail().expected == "2 units x 100 steps");
  CHECK(error.detail().found == "2 x 3");
}
