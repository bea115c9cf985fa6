// SPDX-License-Identifier: Apache-2.0
// Forward against scalar loops, products against central differences, initial weights against
// their definitions.
#include "network/network.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "network/initialise.hpp"

using namespace deltaw;

namespace {

LayerSpec layer(const std::string& name, std::size_t units,
                const std::string& activation = "linear", bool bias = true) {
  LayerSpec spec;
  spec.name = name;
  spec.units = units;
  spec.activation.type = activation;
  spec.bias = bias;
  spec.bias_init.type = "normal";
  return spec;
}

ConnectionSpec connect(const std::string& from, const std::string& to, const InitSpec& init = {},
                       const std::string& sign = "none") {
  ConnectionSpec spec;
  spec.from = from;
  spec.to = to;
  spec.init = init;
  spec.constraint.sign = sign;
  return spec;
}

// 3 inputs, 4 tanh units, 2 linear outputs, and a connection that skips the hidden layer.
NetworkSpec skipping() {
  NetworkSpec spec;
  spec.layers = {layer("input", 3), layer("hidden", 4, "tanh"), layer("output", 2)};
  spec.connections = {connect("input", "hidden"), connect("hidden", "output"),
                      connect("input", "output")};
  return spec;
}

arma::mat samples(std::size_t rows, std::size_t columns) {
  Random random(5, "samples");
  arma::mat x(rows, columns);
  for (double& value : x) value = random.normal();
  return x;
}

std::size_t connection(const Network<double>& network, const std::string& name) {
  const auto& all = network.graph().connections;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name) return i;
  }
  FAIL("no connection " << name);
  return 0;
}

// A copy: weights() itself is a view.
arma::mat weights_of(const Network<double>& network, const std::string& name) {
  const arma::mat shared = network.weights(connection(network, name));
  return arma::mat(shared.memptr(), shared.n_rows, shared.n_cols);
}

arma::mat run(const Network<double>& network, Activity<double>& activity, const arma::mat& x) {
  activity.set_columns(x.n_cols);
  activity.post(network.graph().input) = x;
  network.forward(activity);
  return activity.post(network.graph().output);
}

}  // namespace

TEST_CASE("forward equals scalar loops, with biases and a skip connection") {
  Network<double> network(make_graph(skipping()));
  const arma::mat x = samples(3, 5);
  initialise(network, 1, x);
  Activity<double> activity(network.graph(), 8);
  const arma::mat y = run(network, activity, x);
  const auto w = [&](const char* name) { return weights_of(network, name); };
  const arma::mat in = w("input>hidden"), out = w("hidden>output"), skip = w("input>output");
  for (arma::uword k = 0; k < 5; ++k) {
    double hidden[4];
    for (arma::uword i = 0; i < 4; ++i) {
      double z = w("hidden.bias")(i, 0);
      for (arma::uword j = 0; j < 3; ++j) z += in(i, j) * x(j, k);
      hidden[i] = std::tanh(z);
    }
    for (arma::uword i = 0; i < 2; ++i) {
      double z = w("output.bias")(i, 0);
      for (arma::uword j = 0; j < 4; ++j) z += out(i, j) * hidden[j];
      for (arma::uword j = 0; j < 3; ++j) z += skip(i, j) * x(j, k);
      CHECK(y(i, k) == doctest::Approx(z).epsilon(1e-12));
    }
  }
}

TEST_CASE("gradients and vector-Jacobian products of a connection are those of differences") {
  Network<double> network(make_graph(skipping()));
  const arma::mat x = samples(3, 5), g = samples(2, 5);
  initialise(network, 1, x);
  Activity<double> activity(network.graph(), 5);
  const auto objective = [&](const arma::mat& input) {
    return arma::accu(g % run(network, activity, input));
  };
  for (const char* name : {"input>output", "output.bias"}) {
    const std::size_t c = connection(network, name);
    (void)objective(x);
    arma::mat delta(network.outputs(c), network.inputs(c), arma::fill::ones);
    network.connection_gradient(c, activity, g, 2.0, delta);
    const arma::mat weights = weights_of(network, name);
    for (arma::uword i = 0; i < delta.n_elem; ++i) {
      arma::mat view = network.weights(c);
      const double step = 1e-6, w = weights[i];
      view[i] = w + step;
      const double up = objective(x);
      view[i] = w - step;
      const double down = objective(x);
      view[i] = w;
      CHECK(delta[i] == doctest::Approx(1 + 2 * (up - down) / (2 * step)).epsilon(1e-6));
    }
  }
  const std::size_t skip = connection(network, "input>output");
  arma::mat grad(3, 5, arma::fill::ones);
  network.connection_vjp(skip, activity, g, nullptr, 0.5, grad);
  const arma::mat expected = 0.5 + weights_of(network, "input>output").t() * g;
  CHECK(arma::approx_equal(grad, expected, "absdiff", 1e-12));
  const arma::mat other = samples(2, 3);
  network.connection_vjp(skip, activity, g, other.memptr(), 0, grad);
  CHECK(arma::approx_equal(grad, arma::mat(other.t() * g), "absdiff", 1e-12));
}

TEST_CASE("noise moves the potential and all that follows, and only there") {
  Network<double> network(make_graph(skipping()));
  const arma::mat x = samples(3, 2);
  initialise(network, 1, x);
  Activity<double> clean(network.graph(), 2), noisy(network.graph(), 2);
  (void)run(network, clean, x);
  Noise<double> noise(network.graph().layers.size());
  noise.everywhere[2] = Buffer<double>(4, 2);
  noise.everywhere[2].all().fill(0.1);
  noise.in_places[2] = {{3, 1, 0.5}};
  noisy.set_columns(2);
  noisy.post(network.graph().input) = x;
  network.forward(noisy, &noise);
  arma::mat expected = clean.potential(2) + 0.1;
  expected(3, 1) += 0.5;
  CHECK(arma::approx_equal(noisy.potential(2), expected, "absdiff", 1e-12));
  CHECK(!arma::approx_equal(noisy.post(3), clean.post(3), "absdiff", 1e-3));
}

TEST_CASE("initial weights have the variance of their name, and share draws by connection name") {
  NetworkSpec spec;
  spec.layers = {layer("input", 200), layer("output", 300)};
  spec.connections = {connect("input", "output")};
  const arma::mat none(200, 1, arma::fill::zeros);
  const auto drawn = [&](const InitSpec& init, std::uint64_t seed) {
    spec.connections[0].init = init;
    Network<double> network(make_graph(spec));
    initialise(network, seed, none);
    return weights_of(network, "input>output");
  };
  const auto variance = [](const arma::mat& w) { return arma::var(arma::vec(arma::vectorise(w))); };
  CHECK(variance(drawn({.type = "glorot-uniform"}, 1)) == doctest::Approx(2.0 / 500).epsilon(0.03));
  CHECK(variance(drawn({.type = "glorot-normal"}, 1)) == doctest::Approx(2.0 / 500).epsilon(0.03));
  CHECK(variance(drawn({.type = "he-normal"}, 1)) == doctest::Approx(2.0 / 200).epsilon(0.03));
  CHECK(variance(drawn({.type = "he-uniform"}, 1)) == doctest::Approx(2.0 / 200).epsilon(0.03));
  CHECK(variance(drawn({.type = "normal"}, 1)) == doctest::Approx(1.0 / 200).epsilon(0.03));
  const arma::mat normal = drawn({.type = "normal", .deviation = 0.5}, 3);
  const arma::mat folded = drawn({.type = "abs-normal", .deviation = 0.5}, 3);
  CHECK(arma::approx_equal(folded, arma::mat(arma::abs(normal)), "absdiff", 0));
  CHECK(!arma::approx_equal(normal, drawn({.type = "normal", .deviation = 0.5}, 4), "absdiff", 0));
  CHECK_THROWS_WITH_AS((void)drawn({.type = "glorot"}, 1), doctest::Contains("E503"), Error);
}

TEST_CASE("balance makes every mean potential zero, layer after layer") {
  const std::string plus = "nonnegative", minus = "nonpositive";
  const InitSpec positive{.type = "abs-normal"}, balance{.type = "balance"};
  NetworkSpec spec;
  spec.layers = {layer("input", 6), layer("interneuron", 1, "relu", false),
                 layer("hidden", 4, "relu", false), layer("output", 2, "linear", false)};
  spec.connections = {
      connect("input", "hidden", positive, plus), connect("hidden", "output", positive, plus),
      connect("input", "interneuron", {.type = "uniform", .low = 0, .high = 0.1}, plus),
      connect("interneuron", "hidden", balance, minus),
      connect("interneuron", "output", balance, minus)};
  Network<double> network(make_graph(spec));
  const arma::mat x = arma::abs(samples(6, 40));
  initialise(network, 2, x);
  Activity<double> activity(network.graph(), 40);
  (void)run(network, activity, x);
  for (std::size_t i = 0; i < network.graph().layers.size(); ++i) {
    const std::string& name = network.graph().layers[i].name;
    if (name != "hidden" && name != "output") continue;
    CHECK(arma::abs(arma::mean(activity.potential(i), 1)).max() < 1e-12);
    CHECK(arma::abs(activity.potential(i)).max() > 1e-3);
  }
  CHECK(network.weights(connection(network, "interneuron>hidden")).max() < 0);
  spec.layers[1].activation = {.type = "threshold", .threshold = 1e9};
  Network<double> silent(make_graph(spec));
  CHECK_THROWS_WITH_AS(initialise(silent, 2, x), doctest::Contains("cannot be balanced"), Error);
}
