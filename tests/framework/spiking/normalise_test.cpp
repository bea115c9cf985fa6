// SPDX-License-Identifier: Apache-2.0
#include "spiking/normalise.hpp"

#include <doctest/doctest.h>

#include "spiking/network.hpp"

using namespace deltaw;

TEST_CASE_TEMPLATE("rows are scaled to their sum, each in proportion", T, float, double) {
  arma::arma_rng::set_seed(1);
  const arma::Mat<T> before = arma::randu<arma::Mat<T>>(300, 50);
  arma::Mat<T> weights = before;
  scale_rows_to(weights, 7);
  for (arma::uword j = 0; j < 300; ++j) {
    CHECK(static_cast<double>(arma::accu(weights.row(j))) == doctest::Approx(7).epsilon(1e-5));
    const double factor = 7 / static_cast<double>(arma::accu(before.row(j)));
    CHECK(static_cast<double>(weights(j, 13)) ==
          doctest::Approx(factor * static_cast<double>(before(j, 13))).epsilon(1e-5));
  }
}

TEST_CASE_TEMPLATE("a row that is there already keeps its bits, though others do not", T, float,
                   double) {
  arma::arma_rng::set_seed(2);
  arma::Mat<T> weights = arma::randu<arma::Mat<T>>(200, 784);
  scale_rows_to(weights, 78);
  const arma::Mat<T> before = weights;
  weights.row(5) *= T(1.01);
  scale_rows_to(weights, 78);
  arma::Mat<T> others = weights;
  others.shed_row(5);
  arma::Mat<T> expected = before;
  expected.shed_row(5);
  CHECK(arma::approx_equal(others, expected, "absdiff", 0));
  CHECK(static_cast<double>(arma::accu(weights.row(5))) == doctest::Approx(78).epsilon(1e-5));
}

TEST_CASE("a row whose sum is not above 0 stays") {
  arma::mat weights = {{0, 0}, {1, 1}, {-3, 1}};
  scale_rows_to(weights, 4);
  CHECK(arma::approx_equal(weights, arma::mat{{0, 0}, {2, 2}, {-3, 1}}, "absdiff", 1e-14));
}

TEST_CASE("a network scales the connections that have a sum, and no other") {
  SpikingSpec spec;
  spec.layers = {{.name = "x", .units = 5, .is_source = true}, {.name = "a", .units = 3}};
  const InitSpec uniform = {.type = "uniform", .low = 0, .high = 1};
  spec.connections = {{.from = "x", .to = "a", .init = uniform, .sum = 9},
                      {.from = "x", .to = "a", .name = "free", .init = uniform}};
  SpikingNetwork<double> network(spec, 1);
  const arma::mat free = network.weight_matrix(1);
  network.normalise();
  CHECK(arma::approx_equal(arma::sum(network.weights(0), 1), arma::vec{9, 9, 9}, "absdiff", 1e-12));
  CHECK(arma::approx_equal(network.weight_matrix(1), free, "absdiff", 0));
}
