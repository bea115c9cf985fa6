// SPDX-License-Identifier: Apache-2.0
#include "training/feedback.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace deltaw;

namespace {

// Of two outputs, which copy units 5 and 2 of the hidden layer if asked to.
NetworkSpec spec_of(bool is_selected) {
  NetworkSpec spec;
  spec.layers = {{.name = "input", .units = 3},
                 {.name = "hidden", .units = 4000},
                 {.name = "output", .units = 2}};
  spec.connections = {{.from = "input", .to = "hidden"}, {.from = "hidden", .to = "output"}};
  if (is_selected) spec.connections[1].init = {.type = "select", .units = {5, 2}};
  return spec;
}

arma::mat feedback(bool is_selected, std::size_t layer, std::uint64_t seed) {
  const Network<double> network(make_graph(spec_of(is_selected)));
  const Buffer<double> weights = feedback_weights(network, layer, seed);
  return arma::mat(weights.data(), weights.rows(), weights.columns());
}

constexpr std::size_t k_hidden = 2, k_output = 3;

}  // namespace

TEST_CASE("the output gets its own error") {
  CHECK(arma::approx_equal(feedback(false, k_output, 1), arma::mat(2, 2, arma::fill::eye),
                           "absdiff", 0));
}

TEST_CASE("other layers get the error through Gaussian weights of variance 1 / outputs") {
  const arma::mat weights = feedback(false, k_hidden, 1);
  REQUIRE(weights.n_rows == 4000);
  REQUIRE(weights.n_cols == 2);
  // 8000 draws: deviation known to 0.8 %, mean to 0.8 % of it.
  CHECK(arma::stddev(arma::vectorise(weights)) ==
        doctest::Approx(1 / std::sqrt(2.0)).epsilon(0.04));
  CHECK(std::abs(arma::mean(arma::vectorise(weights))) < 0.04);
  CHECK(arma::norm_dot(weights.col(0), weights.col(1)) < 0.08);
}

TEST_CASE("they depend on the seed alone") {
  CHECK(
      arma::approx_equal(feedback(false, k_hidden, 1), feedback(false, k_hidden, 1), "absdiff", 0));
  CHECK_FALSE(
      arma::approx_equal(feedback(false, k_hidden, 1), feedback(false, k_hidden, 2), "absdiff", 1));
}

TEST_CASE("a unit that the output copies gets the error of that output and of no other") {
  const arma::mat weights = feedback(true, k_hidden, 1), others = feedback(false, k_hidden, 1);
  CHECK(weights(5, 0) == 1);
  CHECK(weights(5, 1) == 0);
  CHECK(weights(2, 0) == 0);
  CHECK(weights(2, 1) == 1);
  CHECK(arma::accu(weights != others) == 4);
}
