// SPDX-License-Identifier: Apache-2.0
// Sparse, selecting and silent connections at the start.
#include "network/initialise.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "error_of.hpp"

using namespace deltaw;

namespace {

NetworkSpec spec_of(const InitSpec& init, double density = 1, std::size_t inputs = 400,
                    std::size_t outputs = 50) {
  NetworkSpec spec;
  spec.layers = {{.name = "in", .units = inputs}, {.name = "out", .units = outputs, .bias = false}};
  spec.connections = {{.from = "in", .to = "out", .init = init, .density = density}};
  return spec;
}

arma::mat initial(const NetworkSpec& spec, std::uint64_t seed = 1) {
  Network<double> network(make_graph(spec));
  initialise(network, seed, arma::mat());
  const arma::mat shared = network.weights(0);
  return arma::mat(shared.memptr(), shared.n_rows, shared.n_cols);
}

std::string refusal(const NetworkSpec& spec, const arma::mat& samples = {}) {
  Network<double> network(make_graph(spec));
  return error_of([&] { initialise(network, 1, samples); }).text();
}

}  // namespace

TEST_CASE("a sparse connection has that share of its synapses, scaled to those to be expected") {
  const arma::mat weights = initial(spec_of({.type = "normal"}, 0.1));
  const arma::vec present = arma::nonzeros(weights);
  const auto n = static_cast<double>(present.n_elem);
  CHECK(std::abs(n - 2000) < 5 * std::sqrt(20000 * 0.1 * 0.9));
  // 1 / sqrt(0.1 * 400), known to 1 / sqrt(2 * 2000) = 1.6 %.
  CHECK(arma::stddev(present) == doctest::Approx(1 / std::sqrt(40.0)).epsilon(0.08));
  // A deviation that was given is that of the synapses that exist.
  const arma::vec given = arma::nonzeros(initial(spec_of({.type = "normal", .deviation = 2}, 0.1)));
  CHECK(arma::stddev(given) == doctest::Approx(2).epsilon(0.08));
}

TEST_CASE("which synapses exist is known to the network, and differs from seed to seed") {
  const NetworkSpec spec = spec_of({.type = "constant", .value = -3}, 0.25);
  Network<double> network(make_graph(spec));
  CHECK(network.mask(0).empty());
  initialise(network, 1, arma::mat());
  const arma::mat weights(network.weights(0));
  CHECK(arma::approx_equal(weights, arma::mat(-3 * network.mask(0)), "absdiff", 0));
  CHECK(arma::approx_equal(weights, initial(spec, 1), "absdiff", 0));
  CHECK(arma::accu(weights != initial(spec, 2)) > 1000);
  Network<double> dense(make_graph(spec_of({.type = "constant", .value = -3})));
  initialise(dense, 1, arma::mat());
  CHECK(dense.mask(0).empty());
}

TEST_CASE("a density takes synapses away and changes no other draw") {
  const InitSpec init{.type = "uniform", .low = -1, .high = 1};
  const arma::mat dense = initial(spec_of(init)), sparse = initial(spec_of(init, 0.5));
  CHECK(arma::all(arma::vectorise((sparse == 0) + (sparse == dense)) > 0));
}

TEST_CASE("select copies one unit of the source to each unit of the target") {
  const arma::mat weights = initial(spec_of({.type = "select", .units = {3, 0, 3}}, 1, 4, 3));
  CHECK(arma::approx_equal(weights, arma::mat({{0, 0, 0, 1}, {1, 0, 0, 0}, {0, 0, 0, 1}}),
                           "absdiff", 0));
  CHECK(refusal(spec_of({.type = "select", .units = {3, 0}}, 1, 4, 3)) ==
        "error[E503] connection 'in>out' selects 2 units\n  expected 3, one for each target unit");
  CHECK(refusal(spec_of({.type = "select", .units = {3, 0, 4}}, 1, 4, 3)) ==
        "error[E503] connection 'in>out' selects unit 4\n  expected 0 to 3");
}

TEST_CASE("silent units have no incoming weight at the start, and others what they would have") {
  InitSpec init{.type = "uniform", .low = 1, .high = 2};
  const arma::mat all = initial(spec_of(init, 1, 6, 4));
  init.silent = {2, 0};
  arma::mat expected = all;
  expected.rows(arma::uvec{0, 2}).zeros();
  CHECK(arma::approx_equal(initial(spec_of(init, 1, 6, 4)), expected, "absdiff", 0));
  init.silent = {4};
  CHECK(refusal(spec_of(init, 1, 6, 4)) ==
        "error[E503] connection 'in>out' silences unit 4\n  expected 0 to 3");
}

TEST_CASE("a connection is balanced on samples, whole, or not at all") {
  const arma::mat samples(6, 5, arma::fill::ones);
  const auto says = [](const std::string& text, const char* reason) {
    return text.starts_with("error[E503] connection 'in>out' cannot be balanced: ") &&
           text.find(reason) != std::string::npos;
  };
  CHECK(says(refusal(spec_of({.type = "balance"}, 1, 6, 4)), "the task has no data set"));
  CHECK(says(refusal(spec_of({.type = "balance"}, 0.5, 6, 4), samples), "not all of its synapses"));
  CHECK(says(refusal(spec_of({.type = "balance", .silent = {1}}, 1, 6, 4), samples),
             "it has silent units"));
}
