// SPDX-License-Identifier: Apache-2.0
// Where units that act on each other both ways come to rest, against linear systems and the
// condition of rest itself.
#include "network/settling.hpp"

#include <doctest/doctest.h>

#include "count_allocations.hpp"
#include "error_of.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

NetworkSpec settling(NetworkSpec spec, std::size_t steps = 400, double step = 0.5) {
  spec.settling = {.free_steps = steps, .nudged_steps = steps, .step = step};
  return spec;
}

// With a connection that passes a layer over.
NetworkSpec three_layers(const std::string& activation) {
  NetworkSpec spec = chain({layer("input", 4), layer("a", 5, activation), layer("b", 3, activation),
                            layer("output", 2, activation)});
  spec.connections.push_back(connection("a", "output"));
  for (ConnectionSpec& c : spec.connections) c.init.deviation = 0.15;
  for (LayerSpec& l : spec.layers) l.activation.maximum = 1;
  return settling(std::move(spec));
}

Bench<double> bench_of(const NetworkSpec& spec) {
  return Bench<double>(spec, {.type = "mse"}, gaussian<double>(4, 6, "x"), one_hot<double>(2, 6));
}

// Of one: what comes to each unit of a, b and output from each of them, and from elsewhere.
arma::mat mutual(const Bench<double>& bench) {
  arma::mat all(10, 10, arma::fill::zeros);
  all.submat(5, 0, 7, 4) = bench.weights_of("a>b");
  all.submat(8, 5, 9, 7) = bench.weights_of("b>output");
  all.submat(8, 0, 9, 4) = bench.weights_of("a>output");
  return all + all.t();
}
arma::mat arriving(const Bench<double>& bench) {
  arma::mat all(10, 6, arma::fill::zeros);
  const arma::mat x = gaussian<double>(4, 6, "x");
  all.rows(0, 4) = bench.weights_of("input>a") * x;
  all.rows(0, 4).each_col() += arma::vec(bench.weights_of("a.bias"));
  all.rows(5, 7).each_col() += arma::vec(bench.weights_of("b.bias"));
  all.rows(8, 9).each_col() += arma::vec(bench.weights_of("output.bias"));
  return all;
}
arma::mat posts(const Bench<double>& bench) {
  return arma::join_cols(bench.activity.post(2), bench.activity.post(3), bench.activity.post(4));
}

double distance(const arma::mat& a, const arma::mat& b) { return arma::abs(a - b).max(); }

std::string refusal(const NetworkSpec& spec) {
  return error_of([&] { (void)make_graph(spec); }).text();
}

}  // namespace

TEST_CASE("linear units rest where the linear system of all weights both ways is solved") {
  const Bench<double> bench = bench_of(three_layers("linear"));
  const arma::mat rest =
      arma::solve(arma::mat(10, 10, arma::fill::eye) - mutual(bench), arriving(bench));
  CHECK(distance(posts(bench), rest) < 1e-10);
  CHECK(distance(posts(bench), arriving(bench)) > 0.02);
}

TEST_CASE("a nudge adds its strength times minus the slope of each observation's own loss") {
  Bench<double> bench = bench_of(three_layers("linear"));
  const arma::mat target = bench.target.all();
  for (const double strength : {0.2, -0.2}) {
    bench.forward();
    bench.network.settle(bench.activity, {bench.loss, target, strength});
    // The loss of an observation is the sum of (s - d)²: 2 strength (d - s) comes to the output.
    arma::mat system = arma::mat(10, 10, arma::fill::eye) - mutual(bench);
    arma::mat from = arriving(bench);
    system.submat(8, 8, 9, 9) += 2 * strength * arma::mat(2, 2, arma::fill::eye);
    from.rows(8, 9) += 2 * strength * target;
    CHECK(distance(posts(bench), arma::solve(system, from)) < 1e-9);
  }
}

TEST_CASE("units of any activation rest where each is what comes to it") {
  for (const std::string activation : {"tanh", "sigmoid", "clipped-linear"}) {
    CAPTURE(activation);
    const Bench<double> bench = bench_of(three_layers(activation));
    const arma::mat s = posts(bench), z = mutual(bench) * s + arriving(bench);
    const arma::mat expected = activation == "tanh"      ? arma::mat(arma::tanh(z))
                               : activation == "sigmoid" ? arma::mat(1 / (1 + arma::exp(-z)))
                                                         : arma::mat(arma::clamp(z, 0.0, 1.0));
    CHECK(distance(s, expected) < 1e-10);
  }
}

TEST_CASE("a step goes a share of the way from rest") {
  NetworkSpec spec = chain({layer("input", 1), layer("output", 1, "linear", false)});
  spec.connections[0].init = {.type = "constant", .value = 2};
  const arma::mat x = {{3, -1}}, target = {{0, 0}};
  for (const auto& [steps, share] : {std::pair{1, 0.25}, {2, 0.4375}, {3, 0.578125}}) {
    const Bench<double> bench(settling(spec, static_cast<std::size_t>(steps), 0.25),
                              {.type = "mse"}, x, target);
    CHECK(distance(bench.output(), share * 2 * x) < 1e-15);
  }
}

TEST_CASE_TEMPLATE("settling allocates nothing, and starts anew", T, float, double) {
  Bench<T> bench(three_layers("tanh"), {.type = "mse"}, gaussian<T>(4, 6, "x"), one_hot<T>(2, 6));
  const arma::Mat<T> before = bench.output(), target = bench.target.all();
  const auto again = [&] {
    bench.network.settle(bench.activity, {bench.loss, target, T(0.5)});
    bench.forward();
  };
  CHECK(count_allocations(again) == 0);
  CHECK(arma::approx_equal(bench.output(), before, "absdiff", 0));
}

TEST_CASE("weights between units that move are multiplied by both ways in each step") {
  const Bench<double> bench = bench_of(settling(three_layers("tanh"), 7));
  const std::vector<bool> all(5, true);
  const std::uint64_t fixed = 4 * 5 + 5 + 3 + 2, moving = 5 * 3 + 3 * 2 + 5 * 2;
  CHECK(bench.network.synapses_into(all) == fixed + 2 * 7 * moving);
}

TEST_CASE("a network that settles has dense layers of smooth units, and a step up to 1") {
  NetworkSpec spec = three_layers("tanh");
  spec.settling.step = 1.5;
  CHECK(refusal(spec).find("above 0, at most 1") != std::string::npos);
  spec = three_layers("tanh");
  spec.layers[3].activation.type = "softmax";
  CHECK(refusal(spec).find("softmax in layer 'output'") != std::string::npos);
  spec = three_layers("tanh");
  spec.layers[1].lateral.strength = -0.1;
  CHECK(refusal(spec).starts_with("error[E503] a network that settles has no layers that move"));
  spec = three_layers("tanh");
  spec.layers[2].type = "dropout";
  spec.layers[2].units = 0;
  CHECK(refusal(spec).find("dense layers alone") != std::string::npos);
}
