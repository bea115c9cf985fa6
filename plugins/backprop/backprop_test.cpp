// SPDX-License-Identifier: Apache-2.0
#include "backprop.cpp"

#include <cmath>

#include "count_allocations.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

const LossSpec k_mse{.type = "mse", .reduction = "samples"};
const LossSpec k_mse_both{.type = "mse", .reduction = "both"};
const LossSpec k_cross_entropy{.type = "cross-entropy"};

// Dense, bias and skip connections: input > a > b > output, input > b, input > output, a > output.
NetworkSpec graph_with(const ActivationSpec& hidden, const std::string& output) {
  NetworkSpec spec =
      chain({layer("input", 4), layer("a", 5), layer("b", 3), layer("output", 3, output)});
  spec.layers[1].activation = spec.layers[2].activation = hidden;
  spec.connections.push_back(connection("input", "b"));
  spec.connections.push_back(connection("input", "output"));
  spec.connections.push_back(connection("a", "output"));
  return spec;
}

// The largest relative error over the connections between ΔW and central differences.
double worst_error(const NetworkSpec& spec, const LossSpec& loss) {
  Bench<double> bench(spec, loss, gaussian<double>(4, 6, "inputs"), one_hot<double>(3, 6));
  RuleOnNetwork<Backprop, double> rule(bench);
  const std::vector<arma::mat> changes = rule.propose();
  double worst = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CHECK(arma::norm(changes[i], "fro") > 1e-6);
    worst = std::max(worst, relative_error(changes[i], bench.descent(rule.driven()[i], 1e-5)));
  }
  return worst;
}

}  // namespace

TEST_CASE("ΔW is minus the gradient by central differences, for every activation and loss") {
  for (const std::string hidden : {"linear", "relu", "sigmoid", "tanh", "softmax"}) {
    CAPTURE(hidden);
    CHECK(worst_error(graph_with({.type = hidden}, "softmax"), k_cross_entropy) < 1e-6);
    CHECK(worst_error(graph_with({.type = hidden}, "softmax"), k_mse) < 1e-6);
    CHECK(worst_error(graph_with({.type = hidden}, "softmax"), k_mse_both) < 1e-6);
    CHECK(worst_error(graph_with({.type = hidden}, "sigmoid"), k_cross_entropy) < 1e-6);
    CHECK(worst_error(graph_with({.type = hidden}, "linear"), k_mse) < 1e-6);
    CHECK(worst_error(graph_with({.type = hidden}, "tanh"), k_mse_both) < 1e-6);
  }
}

TEST_CASE("lateral connections of a hidden layer or of the output are part of the gradient") {
  LateralSpec any;
  any.weights = {{0, -0.7, 0.2}, {0.4, 0.1, -0.5}, {-0.3, 0.6, 0}};
  for (const LateralSpec& lateral : {LateralSpec{.strength = -0.4}, any}) {
    for (const std::size_t place : {2u, 3u}) {
      CAPTURE(place);
      NetworkSpec spec = graph_with({.type = "tanh"}, "softmax");
      spec.layers[place].lateral = lateral;
      CHECK(worst_error(spec, k_cross_entropy) < 1e-6);
      CHECK(worst_error(spec, k_mse) < 1e-6);
      spec = graph_with({.type = "sigmoid"}, "linear");
      spec.layers[place].lateral = lateral;
      CHECK(worst_error(spec, k_mse) < 1e-6);
    }
  }
}

TEST_CASE("away from its kink a threshold unit has the slope of what it passes on") {
  for (const std::string passes : {"drive", "excess"}) {
    CAPTURE(passes);
    const NetworkSpec spec = graph_with({"threshold", 0.1, passes}, "linear");
    CHECK(worst_error(spec, k_mse) < 1e-6);
  }
}

TEST_CASE_TEMPLATE("one sample obeys the chain rule written out for each weight", T, float,
                   double) {
  // L = sum_j (a_j - y_j)^2; dL/dw_jk = a_k s'(z_j) dL/da_j; dL/da_k = sum_j w_jk s'(z_j) dL/da_j.
  const arma::Mat<T> x = gaussian<T>(3, 1, "x"), y = gaussian<T>(2, 1, "y");
  Bench<T> bench(
      chain({layer("input", 3), layer("hidden", 4, "sigmoid"), layer("output", 2, "sigmoid")}),
      k_mse, x, y);
  RuleOnNetwork<Backprop, T> rule(bench);
  const arma::Mat<T> w = bench.weights_of("hidden>output");
  const arma::Mat<T> a = bench.activity.post(2), out = bench.output();
  const auto slope = [](T post) { return post * (1 - post); };
  double dl_dz[2];
  for (arma::uword j = 0; j < 2; ++j) dl_dz[j] = slope(out[j]) * 2 * (out[j] - y[j]);
  const arma::Mat<T> change_out = rule.change("hidden>output");
  const arma::Mat<T> change_bias = rule.change("output.bias");
  const arma::Mat<T> change_hidden = rule.change("input>hidden");
  const double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-14;
  for (arma::uword k = 0; k < 4; ++k) {
    double dl_da = 0;
    for (arma::uword j = 0; j < 2; ++j) {
      CHECK(std::abs(change_out(j, k) + a[k] * dl_dz[j]) < tolerance);
      CHECK(std::abs(change_bias[j] + dl_dz[j]) < tolerance);
      dl_da += w(j, k) * dl_dz[j];
    }
    for (arma::uword i = 0; i < 3; ++i) {
      CHECK(std::abs(change_hidden(k, i) + x[i] * slope(a[k]) * dl_da) < tolerance);
    }
  }
}

TEST_CASE("stacked linear layers equal one linear layer, in output and in gradient") {
  const arma::mat x = gaussian<double>(4, 9, "x"), y = gaussian<double>(3, 9, "y");
  Bench<double> deep(chain({layer("input", 4), layer("a", 6, "linear", false),
                            layer("b", 5, "linear", false), layer("output", 3, "linear", false)}),
                     k_mse, x, y);
  Bench<double> flat(chain({layer("input", 4), layer("output", 3, "linear", false)}), k_mse, x, y);
  const arma::mat w1 = deep.weights_of("input>a"), w2 = deep.weights_of("a>b"),
                  w3 = deep.weights_of("b>output");
  flat.weights_of("input>output") = w3 * w2 * w1;
  flat.forward();
  CHECK(arma::abs(deep.output() - flat.output()).max() < 1e-12);
  RuleOnNetwork<Backprop, double> deep_rule(deep), flat_rule(flat);
  const arma::mat whole = flat_rule.change("input>output");
  CHECK(relative_error<double>(deep_rule.change("input>a"), (w3 * w2).t() * whole) < 1e-12);
  CHECK(relative_error<double>(deep_rule.change("a>b"), w3.t() * whole * w1.t()) < 1e-12);
  CHECK(relative_error<double>(deep_rule.change("b>output"), whole * (w2 * w1).t()) < 1e-12);
}

TEST_CASE("one linear neuron converges to least squares") {
  const arma::mat x = gaussian<double>(3, 40, "x");
  const arma::mat y = arma::mat{{2, -1, 0.5}} * x + 0.7 + 0.3 * gaussian<double>(1, 40, "noise");
  Bench<double> bench(chain({layer("input", 3), layer("output", 1)}), k_mse, x, y);
  RuleOnNetwork<Backprop, double> rule(bench);
  for (int i = 0; i < 2000; ++i) rule.step(0.1);
  const arma::mat design = arma::join_rows(x.t(), arma::ones(40, 1));
  const arma::mat solution = arma::solve(design, y.t());
  CHECK(arma::abs(bench.weights_of("input>output").t() - solution.head_rows(3)).max() < 1e-10);
  CHECK(std::abs(bench.weights_of("output.bias")[0] - solution[3]) < 1e-10);
}

TEST_CASE("a connection that the rule does not drive still passes the error on") {
  NetworkSpec spec = graph_with({.type = "tanh"}, "softmax");
  Bench<double> all(spec, k_mse, gaussian<double>(4, 6, "inputs"), one_hot<double>(3, 6));
  RuleOnNetwork<Backprop, double> rule_of_all(all);
  spec.connections[1].plastic = false;  // a > b
  Bench<double> some(spec, k_mse, gaussian<double>(4, 6, "inputs"), one_hot<double>(3, 6));
  RuleOnNetwork<Backprop, double> rule_of_some(some);
  CHECK(rule_of_some.driven().size() + 1 == rule_of_all.driven().size());
  CHECK(relative_error(rule_of_some.change("input>a"), rule_of_all.change("input>a")) == 0);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  Bench<T> bench(
      chain({layer("input", 20), layer("hidden", 30, "relu"), layer("output", 10, "softmax")}),
      k_cross_entropy, gaussian<T>(20, 32, "x"), one_hot<T>(10, 32));
  RuleOnNetwork<Backprop, T> rule(bench);
  CHECK(count_allocations([&] { rule.propose(); }) == 0);
  CHECK(count_allocations([] { arma::mat(50, 50, arma::fill::zeros); }) == k_counts_allocations);
}
