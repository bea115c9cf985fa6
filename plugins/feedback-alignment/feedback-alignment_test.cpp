// SPDX-License-Identifier: Apache-2.0
#include "feedback-alignment.cpp"

#include <cmath>

#include "count_allocations.hpp"
#include "exact_gradient.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

const LossSpec k_mse{.type = "mse", .reduction = "samples"};

std::vector<deltaw_param> in_mode(const char* mode, double scale = 1) {
  return {parameter("mode", mode), parameter("scale", scale)};
}

NetworkSpec deep(const std::string& hidden, const std::string& output) {
  return chain({layer("input", 4), layer("a", 5, hidden), layer("b", 3, hidden),
                layer("output", 3, output)});
}

// 6 x 6 x 2 to 5 x 5 x 3, pooled over squares of `side` (0: not at all), to three outputs; linear.
NetworkSpec convolution(std::size_t side) {
  LayerSpec input = layer("input", 0), conv = layer("conv", 0), pool = layer("pool", 0),
            output = layer("output", 3);
  input.image = {6, 6, 2};
  conv.type = "conv2d";
  conv.side = 2;
  conv.filters = 3;
  pool.type = "max-pool";
  pool.side = pool.stride = side;
  return side == 0 ? chain({input, conv, output}) : chain({input, conv, pool, output});
}

// The matrices of a rule on deep(...), read off its ΔW: in a linear network with one sample whose
// dL/dz of the output is the unit vector e_j, the change of a hidden bias is minus what B makes of
// e_j.
struct Feedback {
  explicit Feedback(const char* mode, double scale = 1) {
    Bench<double> bench(deep("linear", "linear"), k_mse, arma::mat(4, 1, arma::fill::zeros),
                        arma::mat(3, 1, arma::fill::zeros));
    RuleOnNetwork<FeedbackAlignment, double> rule(bench, in_mode(mode, scale));
    for (arma::uword j = 0; j < 3; ++j) {
      arma::mat target = bench.output();
      target[j] -= 0.5;  // dL/dz = 2 (z - target)
      bench.target.first(1) = target;
      to_b.row(j) = -rule.change("b.bias").t();
      to_a.row(j) = -rule.change("a.bias").t();
    }
  }
  arma::mat to_b{3, 3, arma::fill::zeros};  // output x units: the error of b is to_bᵀ dL/dz
  arma::mat to_a{3, 5, arma::fill::zeros};
};

}  // namespace

TEST_CASE("with weights equal to B, random feedback is backpropagation") {
  const Feedback b("random");
  Bench<double> bench(deep("tanh", "softmax"), k_mse, gaussian<double>(4, 6, "x"),
                      one_hot<double>(3, 6));
  RuleOnNetwork<FeedbackAlignment, double> rule(bench, in_mode("random"));
  RuleOnNetwork<Exact, double> exact(bench);
  CHECK(relative_error(rule.change("input>a"), exact.change("input>a")) > 0.1);
  bench.weights_of("b>output") = b.to_b;
  bench.weights_of("a>b") = arma::solve(b.to_b, b.to_a);  // to_a = B(b>output) B(a>b)
  bench.forward();
  for (const char* name : {"input>a", "a.bias", "a>b", "b.bias", "b>output", "output.bias"}) {
    CHECK(relative_error(rule.change(name), exact.change(name)) < 1e-12);
  }
}

TEST_CASE_TEMPLATE("ΔW is the chain rule with B in place of W, written out", T, float, double) {
  const T tolerance = std::is_same_v<T, float> ? T(1e-6) : T(1e-14);
  for (const std::string mode : {"random", "direct"}) {
    CAPTURE(mode);
    const Feedback b(mode.c_str());
    const arma::Mat<T> x = gaussian<T>(4, 1, "x"), y = one_hot<T>(3, 1);
    Bench<T> bench(deep("sigmoid", "linear"), k_mse, x, y);
    RuleOnNetwork<FeedbackAlignment, T> rule(bench, in_mode(mode.c_str()));
    const arma::Mat<T> out = bench.output(), post_a = bench.activity.post(2),
                       post_b = bench.activity.post(3);
    const arma::Mat<T> change_a = rule.change("input>a"), change_b = rule.change("a>b");
    // Through a and b both when random, straight to a when direct.
    const arma::mat b_to_a = mode == "random" ? arma::solve(b.to_b, b.to_a) : arma::mat();
    double error_b[3];
    for (arma::uword j = 0; j < 3; ++j) {
      double sum = 0;
      for (arma::uword k = 0; k < 3; ++k) sum += b.to_b(k, j) * 2 * (out[k] - y[k]);
      error_b[j] = sum * post_b[j] * (1 - post_b[j]);
      for (arma::uword i = 0; i < 5; ++i) {
        CHECK(std::abs(change_b(j, i) + T(error_b[j]) * post_a[i]) < tolerance);
      }
    }
    for (arma::uword j = 0; j < 5; ++j) {
      double sum = 0;
      for (arma::uword k = 0; k < 3; ++k) {
        sum += mode == "random" ? b_to_a(k, j) * error_b[k] : b.to_a(k, j) * 2 * (out[k] - y[k]);
      }
      const double error_a = sum * post_a[j] * (1 - post_a[j]);
      for (arma::uword i = 0; i < 4; ++i) {
        CHECK(std::abs(change_a(j, i) + T(error_a) * x[i]) < tolerance);
      }
    }
  }
}

TEST_CASE("the output layer learns by the exact gradient in both modes") {
  Bench<double> bench(deep("relu", "softmax"), {.type = "cross-entropy"},
                      gaussian<double>(4, 6, "x"), one_hot<double>(3, 6));
  for (const char* mode : {"random", "direct"}) {
    RuleOnNetwork<FeedbackAlignment, double> rule(bench, in_mode(mode));
    const std::size_t c = bench.find("b>output");
    CHECK(relative_error(rule.change("b>output"), bench.descent(c, 1e-5)) < 1e-6);
  }
}

TEST_CASE("B is fixed, scales with its parameter, and is the same whatever else the network has") {
  const Feedback one("random", 1), same("random", 1), three("random", 3);
  CHECK(arma::approx_equal(one.to_b, same.to_b, "absdiff", 0.0));
  CHECK(relative_error<double>(three.to_b, 3 * one.to_b) < 1e-14);
  CHECK(relative_error<double>(three.to_a, 9 * one.to_a) < 1e-14);

  for (const char* mode : {"random", "direct"}) {
    NetworkSpec spec = deep("linear", "linear");
    spec.connections.insert(spec.connections.begin(), connection("input", "output"));
    Bench<double> bench(spec, k_mse, arma::mat(4, 1, arma::fill::zeros),
                        arma::mat(3, 1, arma::fill::zeros));
    RuleOnNetwork<FeedbackAlignment, double> rule(bench, in_mode(mode));
    arma::mat target = bench.output();
    target[1] -= 0.5;
    bench.target.first(1) = target;
    CHECK(relative_error<double>(-rule.change("b.bias").t(), Feedback(mode).to_b.row(1)) < 1e-14);
  }
}

TEST_CASE("B has the deviation of weights: scale / sqrt(units that get the error)") {
  const arma::uword units = 400;
  Bench<double> bench(chain({layer("input", 1), layer("a", units), layer("output", 1)}), k_mse,
                      arma::mat(1, 1), arma::mat(1, 1));
  for (const char* mode : {"random", "direct"}) {
    RuleOnNetwork<FeedbackAlignment, double> rule(bench, in_mode(mode, 2));
    arma::mat target = bench.output();
    target[0] -= 0.5;
    bench.target.first(1) = target;
    const arma::vec b = arma::vectorise(rule.change("a.bias"));
    CHECK(arma::stddev(b) == doctest::Approx(2 / 20.0).epsilon(0.15));  // 4 standard errors
    CHECK(std::abs(arma::mean(b)) < 0.02);
  }
}

TEST_CASE("direct feedback reaches what weights read, and comes back through a pooling exactly") {
  // Over all of the image, so that a filter's bias has one error, and B can be read off.
  Bench<float> bench(convolution(5), k_mse, gaussian<float>(72, 1, "x"),
                     arma::fmat(3, 1, arma::fill::zeros));
  RuleOnNetwork<FeedbackAlignment, float> rule(bench, in_mode("direct", 0.7));
  RuleOnNetwork<Exact, float> exact(bench);
  CHECK(relative_error(rule.change("input>conv"), exact.change("input>conv")) > 0.1);
  arma::fmat b(3, 3);
  for (arma::uword j = 0; j < 3; ++j) {
    arma::fmat target = bench.output();
    target[j] -= 0.5F;  // dL/dz = 2 (z - target)
    bench.target.first(1) = target;
    b.row(j) = -arma::fmat(rule.change("conv.bias")).t();
  }
  bench.network.weights(bench.find("pool>output")) = b;
  bench.show(gaussian<float>(72, 1, "another x"), one_hot<float>(3, 1));
  bench.forward();
  for (const char* name : {"input>conv", "conv.bias", "pool>output"}) {
    CHECK(relative_error(rule.change(name), exact.change(name)) < 1e-5);
  }
}

TEST_CASE("a layer that weights and a pooling read gets the sum of both errors") {
  // All linear, and the error at the output is the same: what each way brings adds up.
  const auto change = [](bool is_pooled, bool is_read) {
    NetworkSpec spec = convolution(is_pooled ? 2 : 0);
    if (is_pooled && is_read) spec.connections.push_back(connection("conv", "output"));
    Bench<float> bench(spec, k_mse, gaussian<float>(72, 2, "x"),
                       arma::fmat(3, 2, arma::fill::zeros));
    RuleOnNetwork<FeedbackAlignment, float> rule(bench, in_mode("direct"));
    arma::fmat result;
    for (const float error : {3.0F, 1.0F}) {  // nothing is left of the first
      arma::fmat target = bench.output();
      target.row(0) -= error;
      target(2, 1) += error;
      bench.target.first(2) = target;
      result = rule.change("input>conv");
    }
    return result;
  };
  const arma::fmat pooled = change(true, false), read = change(false, true);
  CHECK(relative_error<float>(pooled, read) > 0.1);
  CHECK(relative_error<float>(change(true, true), pooled + read) < 1e-5);
}

TEST_CASE("in a linear network from small weights the hidden change turns towards the gradient") {
  // Lillicrap et al. 2016: a 30-20-10 linear network learns a linear map T.
  const arma::mat x = gaussian<double>(30, 200, "x");
  const arma::mat y = gaussian<double>(10, 30, "T") * x / std::sqrt(30.0);
  for (const char* mode : {"random", "direct"}) {
    CAPTURE(std::string(mode));
    Bench<double> bench(chain({layer("input", 30), layer("hidden", 20, "linear", false),
                               layer("output", 10, "linear", false)}),
                        k_mse, x, y);
    bench.weights_of("input>hidden") *= 0.01;
    bench.weights_of("hidden>output") *= 0.01;
    RuleOnNetwork<FeedbackAlignment, double> rule(bench, in_mode(mode));
    RuleOnNetwork<Exact, double> exact(bench);
    const auto angle = [&] {
      bench.forward();
      const arma::mat proposed = rule.change("input>hidden");
      return std::acos(cosine<double>(proposed, exact.change("input>hidden"))) * 57.29578;
    };
    const double loss_before = bench.forward_loss(), before = angle();
    for (int i = 0; i < 400; ++i) rule.step(0.02);
    const double after = angle(), loss_after = bench.forward_loss();
    CAPTURE(before);
    CAPTURE(after);
    CHECK(std::abs(before - 90) < 25);
    CHECK(after < 45);
    CHECK(after < before - 30);
    CHECK(loss_after < 0.2 * loss_before);
  }
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  Bench<T> bench(chain({layer("input", 20), layer("a", 30, "relu"), layer("b", 25, "relu"),
                        layer("output", 10, "softmax")}),
                 {.type = "cross-entropy"}, gaussian<T>(20, 32, "x"), one_hot<T>(10, 32));
  for (const char* mode : {"random", "direct"}) {
    RuleOnNetwork<FeedbackAlignment, T> rule(bench, in_mode(mode));
    CHECK(count_allocations([&] { rule.propose(); }) == 0);
  }
}
