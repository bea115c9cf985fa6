// SPDX-License-Identifier: Apache-2.0
// The rule of the README, as its author would test it.
#include "oja/oja.cpp"

#include <doctest/doctest.h>

#include <deltaw/testing.hpp>

using deltaw::testing::normal;
using deltaw::testing::Probe;

TEST_CASE_TEMPLATE("ΔW of one neuron is y x - decay y² w, worked by hand", T, float, double) {
  Probe<Oja, T> oja({{"decay", 0.5}}, 1, 2);
  oja.set(deltaw::pre, arma::Mat<T>{{1, 0}, {2, 1}});  // x1 = (1, 2), x2 = (0, 1)
  oja.set(deltaw::post, arma::Mat<T>{{3, -1}});
  oja.set(deltaw::weights, arma::Mat<T>{{4, 1}});
  // ((3, 6) + (0, -1)) / 2 - 0.5 (9 + 1) / 2 (4, 1) = (1.5, 2.5) - 2.5 (4, 1)
  CHECK(arma::approx_equal(oja.update(), arma::Mat<T>{{T(-8.5), T(0)}}, "absdiff", T(1e-6)));
}

TEST_CASE("the weights of one neuron turn to the first principal component, with length 1") {
  const arma::mat stretch = {{2, 0.6, 0}, {0.6, 1, 0}, {0, 0.1, 0.5}};
  const arma::mat x = stretch * normal<double>(3, 200, 1);
  arma::mat w = 0.1 * normal<double>(1, 3, 2);
  Probe<Oja, double> oja({{"decay", 1.0}}, 1, 3);
  for (int i = 0; i < 2000; ++i) {
    oja.set(deltaw::pre, x).set(deltaw::post, w * x).set(deltaw::weights, w);
    w += 0.05 * oja.update();
  }
  arma::vec values;
  arma::mat vectors;
  arma::eig_sym(values, vectors, x * x.t());
  CHECK(std::abs(arma::norm_dot(w, vectors.col(2).t())) > 1 - 1e-10);
  CHECK(arma::norm(w) == doctest::Approx(1).epsilon(1e-8));
}
