// SPDX-License-Identifier: Apache-2.0
// Networks whose layers have lateral connections: what they compute, and where noise enters.
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

const arma::mat k_L = {{0, -0.7, 0.2}, {0.4, 0.1, -0.5}, {-0.3, 0.6, 0}};

LateralSpec given(const arma::mat& L) {
  LateralSpec spec;
  for (arma::uword i = 0; i < L.n_rows; ++i) {
    spec.weights.push_back(arma::conv_to<std::vector<double>>::from(L.row(i)));
  }
  return spec;
}

// 4 > 3 lateral > 2
NetworkSpec lateral_in_the_middle(const std::string& activation = "tanh") {
  NetworkSpec spec = chain({layer("in", 4), layer("mid", 3, activation), layer("out", 2)});
  spec.layers[1].lateral = given(k_L);
  return spec;
}

Bench<double> bench(const NetworkSpec& spec) {
  return {spec, {.type = "mse"}, gaussian<double>(4, 5, "x"), gaussian<double>(2, 5, "y")};
}

}  // namespace

TEST_CASE("a layer with lateral connections shows its potential at the fixed point") {
  const Bench<double> b = bench(lateral_in_the_middle());
  const std::size_t mid = 2;
  const arma::mat drive = b.weights_of("in>mid") * b.activity.post(b.network.graph().input) +
                          arma::repmat(b.weights_of("mid.bias"), 1, 5);
  const arma::mat z = b.activity.potential(mid);
  CHECK(arma::abs(z - k_L * z - drive).max() < 1e-12);
  CHECK(arma::abs(b.activity.post(mid) - arma::tanh(z)).max() < 1e-15);
}

TEST_CASE("noise enters before lateral connections, so that it measures dL/d drive") {
  // The loss is quadratic in the noise on a linear layer: two opposite steps give the derivative.
  Bench<double> b = bench(lateral_in_the_middle("linear"));
  const std::size_t mid = 2;
  const arma::mat out = b.activity.post(3);
  const arma::mat grad_out = 2 * (out - b.target.all());  // of each observation's own loss
  arma::mat grad_post(3, 5), grad_drive(3, 5);
  b.network.connection_vjp(b.find("mid>out"), b.activity, grad_out, nullptr, 0, grad_post);
  b.network.layer_vjp(mid, b.activity, grad_post, nullptr, grad_drive);
  const double step = 0.5;
  for (std::size_t unit = 0; unit < 3; ++unit) {
    arma::mat losses[2];
    for (const int side : {0, 1}) {
      Noise<double> noise(b.network.graph().layers.size());
      noise.everywhere[mid] = Buffer<double>(3, 5);
      noise.everywhere[mid].all().row(unit).fill(side == 0 ? step : -step);
      b.network.forward(b.activity, &noise);
      losses[side] = b.losses();
    }
    const arma::rowvec slope = (losses[0] - losses[1]) / (2 * step);
    CHECK(arma::abs(slope - grad_drive.row(unit)).max() < 1e-12);
    CHECK(arma::abs(slope - grad_post.row(unit)).max() > 1e-2);  // as it would be behind them
  }
}

TEST_CASE("lateral connections of the input, or of a layer with time, are refused") {
  const auto refusal = [](NetworkSpec spec, std::size_t layer) {
    spec.layers[layer].lateral = {.strength = -0.1};
    try {
      (void)make_graph(spec);
    } catch (const Error& error) {
      return error.text();
    }
    return std::string();
  };
  NetworkSpec spec = chain({layer("in", 4), layer("out", 3)});
  CHECK(refusal(spec, 0).starts_with("error[E503] layer 'in' cannot have lateral connections"));
  CHECK(refusal(spec, 1).empty());
  spec.layers[1].dynamics.type = "rate";
  CHECK(refusal(spec, 1) ==
        "error[E503] layer 'out' cannot have lateral connections: it has time\n  try: a connection "
        "from the layer to itself");
}

TEST_CASE("a connection into a layer with lateral connections cannot be balanced") {
  NetworkSpec spec = lateral_in_the_middle();
  spec.layers[1].bias_init.type = "balance";
  CHECK_THROWS_WITH_AS((void)bench(spec), doctest::Contains("its target has lateral connections"),
                       Error);
}

TEST_CASE("forward to some layers leaves the others as they were") {
  Bench<double> b = bench(lateral_in_the_middle());
  const arma::mat before = 1.0 * b.activity.post(3);  // a copy, where post() is a view
  b.activity.post(1) *= 2;
  std::vector<bool> wanted(4, false);
  wanted[2] = true;
  b.network.graph().add_sources(wanted);
  CHECK(wanted == std::vector<bool>{true, true, true, false});
  Bench<double> whole = bench(lateral_in_the_middle());
  whole.activity.post(1) *= 2;
  whole.forward();
  b.network.forward(b.activity, wanted);
  CHECK(arma::approx_equal(b.activity.post(2), whole.activity.post(2), "absdiff", 0));
  CHECK(arma::approx_equal(b.activity.post(3), before, "absdiff", 0));
  CHECK(!arma::approx_equal(whole.activity.post(3), before, "absdiff", 1e-3));
}
