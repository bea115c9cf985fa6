// SPDX-License-Identifier: Apache-2.0
// A network of which only some outputs answer, against one that has no others.
#include <doctest/doctest.h>

#include <cmath>

#include "core/random.hpp"
#include "network/loss.hpp"
#include "network/network.hpp"

using namespace deltaw;

namespace {

constexpr std::size_t inputs = 3, samples = 4;

NetworkSpec network_of(std::size_t outputs, const std::string& activation) {
  NetworkSpec spec;
  spec.layers.resize(2);
  spec.layers[0].name = "input";
  spec.layers[0].units = inputs;
  spec.layers[1].name = "output";
  spec.layers[1].units = outputs;
  spec.layers[1].activation.type = activation;
  spec.layers[1].bias = false;
  spec.connections.resize(1);
  spec.connections[0].from = "input";
  spec.connections[0].to = "output";
  return spec;
}

// A network on random inputs, its loss summed over samples, and dL/dW by the host's own products.
struct Subject {
  Network<double> network;
  Activity<double> activity;
  std::size_t output;
  Loss<double> loss;
  arma::mat target;

  Subject(std::size_t outputs, const std::string& activation, const std::string& type)
      : network(make_graph(network_of(outputs, activation))),
        activity(network.graph(), samples),
        output(network.graph().output),
        loss({.type = type}, network.activation(output)),
        target(outputs, samples, arma::fill::zeros) {
    activity.set_columns(samples);
    Random random(5, "answering");
    arma::mat x = activity.post(network.graph().input), w = network.weights(0);
    for (double& value : x) value = random.normal();
    for (double& value : w) value = 3 * random.normal();
  }

  double value() {
    network.forward(activity);
    arma::mat values(1, samples);
    loss.values(activity.post(output), target, values);
    return arma::accu(values) / samples;
  }

  arma::mat gradient() {
    network.forward(activity);
    arma::mat potential(target.n_rows, samples), delta(target.n_rows, inputs, arma::fill::zeros);
    loss.gradient(activity.potential(output), activity.post(output), target, potential);
    network.connection_gradient(0, activity, potential, 1, delta);
    return delta;
  }
};

}  // namespace

TEST_CASE("the gradient of the loss of outputs that answer is its central difference") {
  for (const auto& [activation, type] : {std::pair{"softmax", "cross-entropy"},
                                         {"softmax", "mse"},
                                         {"sigmoid", "cross-entropy"},
                                         {"tanh", "mse"}}) {
    CAPTURE(activation);
    CAPTURE(type);
    Subject subject(6, activation, type);
    subject.network.answer_with({2, 4});
    for (arma::uword k = 0; k < samples; ++k) subject.target(2 + k % 2, k) = 1;
    const arma::mat exact = subject.gradient();
    arma::mat w = subject.network.weights(0);
    for (arma::uword i = 0; i < w.n_elem; ++i) {
      const double step = 1e-5, kept = w[i];
      w[i] = kept + step;
      const double above = subject.value();
      w[i] = kept - step;
      const double below = subject.value();
      w[i] = kept;
      CHECK(exact[i] == doctest::Approx((above - below) / (2 * step)).epsilon(1e-6));
      if (i % 6 < 2 || i % 6 > 3) CHECK(exact[i] == 0);
    }
    CHECK(arma::abs(exact).max() > 1e-3);
  }
}

TEST_CASE("outputs that answer do what they would do alone, whatever the others' potentials") {
  Subject whole(6, "softmax", "cross-entropy"), alone(2, "softmax", "cross-entropy");
  arma::mat w = whole.network.weights(0), own = alone.network.weights(0);
  w.row(5).fill(1e6);
  own = w.rows(2, 3);
  whole.network.answer_with({2, 4});
  whole.network.forward(whole.activity);
  alone.network.forward(alone.activity);
  const arma::mat post = whole.activity.post(whole.output);
  CHECK(arma::approx_equal(post.rows(2, 3), alone.activity.post(alone.output), "absdiff", 0));
  CHECK(arma::abs(post.rows(0, 1)).max() == 0);
  CHECK(arma::abs(post.rows(4, 5)).max() == 0);
}

TEST_CASE("where all answer nothing is masked") {
  Subject subject(6, "softmax", "cross-entropy");
  subject.network.answer_with({2, 4});
  CHECK(subject.network.answering().has_value());
  subject.network.answer_with({0, 6});
  CHECK_FALSE(subject.network.answering().has_value());
}
