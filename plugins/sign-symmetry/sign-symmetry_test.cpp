// SPDX-License-Identifier: Apache-2.0
#include "sign-symmetry.cpp"

#include <cmath>

#include "count_allocations.hpp"
#include "exact_gradient.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

const LossSpec k_mse{.type = "mse", .reduction = "samples"};

std::vector<deltaw_param> with(const char* magnitude, double scale = 1) {
  return {parameter("magnitude", magnitude), parameter("scale", scale)};
}

NetworkSpec shallow() {
  return chain({layer("input", 4), layer("a", 5, "sigmoid"), layer("output", 3)});
}

}  // namespace

TEST_CASE("where all weights have the size of the feedback, it is backpropagation") {
  Bench<double> bench(chain({layer("input", 4), layer("a", 5, "tanh"), layer("b", 3, "tanh"),
                             layer("output", 3, "softmax")}),
                      k_mse, gaussian<double>(4, 6, "x"), one_hot<double>(3, 6));
  RuleOnNetwork<SignSymmetry, double> rule(bench, with("uniform", 0.7));
  RuleOnNetwork<Exact, double> exact(bench);
  CHECK(relative_error(rule.change("input>a"), exact.change("input>a")) > 0.1);
  for (const char* name : {"a>b", "b>output"}) {
    arma::mat w = bench.weights_of(name);
    const double size = 0.7 / std::sqrt(static_cast<double>(w.n_cols));
    bench.network.weights(bench.find(name)) = arma::sign(w) * size;
  }
  bench.forward();
  for (const char* name : {"input>a", "a.bias", "a>b", "b.bias", "b>output", "output.bias"}) {
    CHECK(relative_error(rule.change(name), exact.change(name)) < 1e-12);
  }
}

TEST_CASE("the same through convolutions and a pooling, which has no weights") {
  LayerSpec input = layer("input", 0), a = layer("a", 0, "tanh"), b = layer("b", 0, "tanh"),
            pool = layer("pool", 0);
  input.image = {6, 6, 2};
  for (LayerSpec* conv : {&a, &b}) {
    conv->type = "conv2d";
    conv->side = 2;
    conv->filters = 3;
  }
  pool.type = "max-pool";
  pool.side = pool.stride = 2;
  Bench<float> bench(chain({input, a, b, pool, layer("output", 3, "softmax")}), k_mse,
                     gaussian<float>(72, 4, "x"), one_hot<float>(3, 4));
  RuleOnNetwork<SignSymmetry, float> rule(bench, with("uniform", 0.7));
  RuleOnNetwork<Exact, float> exact(bench);
  CHECK(relative_error(rule.change("input>a"), exact.change("input>a")) > 0.1);
  for (const char* name : {"a>b", "pool>output"}) {
    const arma::fmat w = bench.weights_of(name);
    const float size = 0.7F / std::sqrt(static_cast<float>(w.n_cols));
    bench.network.weights(bench.find(name)) = arma::sign(w) * size;
  }
  bench.forward();
  for (const char* name : {"input>a", "a.bias", "a>b", "b.bias", "pool>output"}) {
    CHECK(relative_error(rule.change(name), exact.change(name)) < 1e-5);
  }
}

TEST_CASE("the hidden change is that of the signs, written out") {
  const arma::mat x = gaussian<double>(4, 1, "x"), y = one_hot<double>(3, 1);
  Bench<double> bench(shallow(), k_mse, x, y);
  RuleOnNetwork<SignSymmetry, double> rule(bench, with("uniform"));
  for (const bool is_turned : {false, true}) {
    if (is_turned) bench.network.weights(bench.find("a>output"))(1, 2) *= -1;
    bench.forward();
    const arma::mat w = bench.weights_of("a>output"), out = bench.output(),
                    post = bench.activity.post(2);
    const arma::mat change = rule.change("input>a");
    for (arma::uword i = 0; i < 5; ++i) {
      double error = 0;
      for (arma::uword j = 0; j < 3; ++j) {
        error += (w(j, i) > 0 ? 1 : -1) / std::sqrt(5.0) * 2 * (out[j] - y[j]);
      }
      for (arma::uword j = 0; j < 4; ++j) {
        const double expected = -error * post[i] * (1 - post[i]) * x[j];
        CHECK(change(i, j) == doctest::Approx(expected).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("random magnitudes are drawn once, have the signs of the weights, and mean sqrt(2/π)") {
  // dL/dz of the output is the unit vector e_j, so that the change of a bias is minus the feedback.
  Bench<double> bench(chain({layer("input", 2), layer("a", 400), layer("output", 3)}), k_mse,
                      arma::mat(2, 1, arma::fill::zeros), arma::mat(3, 1, arma::fill::zeros));
  RuleOnNetwork<SignSymmetry, double> rule(bench, with("random"));
  const arma::mat w = bench.weights_of("a>output");
  double sum = 0;
  for (arma::uword j = 0; j < 3; ++j) {
    arma::mat target = bench.output();
    target[j] -= 0.5;
    bench.target.first(1) = target;
    const arma::mat feedback = -rule.change("a.bias") * std::sqrt(400.0);
    const arma::mat again = -rule.change("a.bias") * std::sqrt(400.0);
    CHECK(arma::approx_equal(feedback, again, "absdiff", 0));
    for (arma::uword i = 0; i < 400; ++i) CHECK(feedback[i] * w(j, i) > 0);
    sum += arma::accu(arma::abs(feedback));
  }
  // 1200 draws of deviation sqrt(1 - 2/π): 4 standard errors are 0.07.
  CHECK(std::abs(sum / 1200 - std::sqrt(2 / 3.14159265358979)) < 0.07);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  Bench<T> bench(chain({layer("input", 20), layer("a", 30, "relu"), layer("b", 25, "relu"),
                        layer("output", 10, "softmax")}),
                 {.type = "cross-entropy"}, gaussian<T>(20, 32, "x"), one_hot<T>(10, 32));
  for (const char* magnitude : {"uniform", "random"}) {
    RuleOnNetwork<SignSymmetry, T> rule(bench, with(magnitude));
    rule.propose();
    CHECK(count_allocations([&] { rule.propose(); }) == 0);
  }
}
