// SPDX-License-Identifier: Apache-2.0
// A layer without its length, against its definition and central differences.
#include "network/normalise.hpp"

#include <doctest/doctest.h>

#include "exact_gradient.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

LayerSpec normalise(std::string name) {
  LayerSpec spec;
  spec.name = std::move(name);
  spec.type = "normalise";
  return spec;
}

}  // namespace

TEST_CASE_TEMPLATE("the mean square of each column becomes 1, and silence stays silence", T, float,
                   double) {
  Normalise<T> layer(2, 3);
  const arma::Mat<T> x = {{3, 0, -1}, {4, 0, 1}};
  arma::Mat<T> out(2, 3);
  layer.forward(3, x.memptr(), out.memptr());
  const T share = std::sqrt(T(2)) / 5;
  const arma::Mat<T> expected = {{3 * share, 0, -1}, {4 * share, 0, 1}};
  CHECK(arma::approx_equal(out, expected, "absdiff", T(1e-6)));
}

TEST_CASE("a network with normalised layers has the gradient of central differences") {
  Bench<double> bench(
      chain({layer("input", 4), layer("a", 5, "tanh"), normalise("a1"), layer("b", 6, "sigmoid"),
             normalise("b1"), layer("output", 3, "softmax")}),
      {.type = "cross-entropy"}, gaussian<double>(4, 6, "x"), one_hot<double>(3, 6));
  RuleOnNetwork<Exact, double> exact(bench);
  for (const char* name : {"input>a", "a.bias", "a1>b", "b1>output"}) {
    CAPTURE(std::string(name));
    CHECK(relative_error(exact.change(name), bench.descent(bench.find(name), 1e-5)) < 1e-7);
  }
}
