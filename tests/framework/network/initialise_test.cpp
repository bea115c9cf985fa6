// SPDX-License-Identifier: Apache-2.0
// Counts are the oracle of what "excitatory-inhibitory" draws.
#include "network/initialise.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "error_of.hpp"

using namespace deltaw;

namespace {

LayerSpec layer(const std::string& name, std::size_t units) {
  LayerSpec spec;
  spec.name = name;
  spec.units = units;
  spec.bias = false;
  return spec;
}

// From `sources` units to `targets` units.
NetworkSpec pair(std::size_t sources, std::size_t targets, const InitSpec& init) {
  NetworkSpec spec;
  spec.layers = {layer("input", sources), layer("output", targets)};
  spec.connections.resize(1);
  spec.connections[0].from = "input";
  spec.connections[0].to = "output";
  spec.connections[0].init = init;
  return spec;
}

struct Drawn {
  arma::mat weights, mask;
};

Drawn draw(const NetworkSpec& spec, std::uint64_t seed) {
  Network<double> network(make_graph(spec));
  initialise(network, seed, arma::mat(spec.layers[0].units, 1, arma::fill::zeros));
  const arma::mat shared = network.weights(0);
  return {arma::mat(shared.memptr(), shared.n_rows, shared.n_cols), network.mask(0)};
}

InitSpec classes(std::size_t excitatory, std::array<std::size_t, 2> each,
                 const std::string& others = "zero") {
  return {.type = "excitatory-inhibitory",
          .excitatory = excitatory,
          .each = each,
          .values = {0.15, -0.18},
          .others = others};
}

bool same(const arma::mat& a, const arma::mat& b) { return arma::approx_equal(a, b, "absdiff", 0); }

}  // namespace

TEST_CASE("every target unit gets exactly so many synapses of either class, all of one value") {
  const arma::mat w = draw(pair(30, 40, classes(10, {4, 7})), 1).weights;
  for (arma::uword i = 0; i < w.n_rows; ++i) {
    CAPTURE(i);
    int excitatory = 0, inhibitory = 0;
    for (arma::uword j = 0; j < w.n_cols; ++j) {
      if (w(i, j) == 0) continue;
      CHECK(w(i, j) == (j < 10 ? 0.15 : -0.18));
      ++(j < 10 ? excitatory : inhibitory);
    }
    CHECK(excitatory == 4);
    CHECK(inhibitory == 7);
  }
}

TEST_CASE("sources of a class are drawn alike, anew for every target unit and seed") {
  const NetworkSpec spec = pair(30, 2000, classes(10, {4, 7}));
  const arma::mat w = draw(spec, 1).weights;
  // A source is drawn by each unit with probability p = 4/10 or 7/20: five deviations of the count.
  for (arma::uword j = 0; j < w.n_cols; ++j) {
    CAPTURE(j);
    const double p = j < 10 ? 0.4 : 0.35;
    const auto count = static_cast<double>(arma::accu(w.col(j) != 0));
    CHECK(std::abs(count - 2000 * p) < 5 * std::sqrt(2000 * p * (1 - p)));
  }
  CHECK(!same(w.row(0), w.row(1)));
  CHECK(!same(w, draw(spec, 2).weights));
  CHECK(same(w, draw(spec, 1).weights));
}

TEST_CASE("weights not drawn are zero but exist, or are absent for good") {
  const NetworkSpec zero = pair(30, 40, classes(10, {4, 7}));
  const NetworkSpec absent = pair(30, 40, classes(10, {4, 7}, "absent"));
  CHECK(draw(zero, 3).mask.empty());
  const Drawn drawn = draw(absent, 3);
  CHECK(same(drawn.weights, draw(zero, 3).weights));
  const arma::mat exists = arma::conv_to<arma::mat>::from(drawn.weights != 0);
  CHECK(same(drawn.mask, exists));
  CHECK(arma::accu(drawn.mask) == 40 * 11);
}

TEST_CASE("all or none of a class may be drawn") {
  const arma::mat w = draw(pair(5, 3, classes(2, {2, 0})), 1).weights;
  CHECK(same(w.head_cols(2), arma::mat(3, 2, arma::fill::value(0.15))));
  CHECK(same(w.tail_cols(3), arma::mat(3, 3, arma::fill::zeros)));
  CHECK(same(draw(pair(4, 3, classes(4, {4, 0})), 1).weights,
             arma::mat(3, 4, arma::fill::value(0.15))));
}

TEST_CASE("Dale's law holds from the start: draws keep their size and get their source's sign") {
  NetworkSpec spec = pair(6, 50, {.type = "normal"});
  const arma::mat plain = draw(spec, 4).weights;
  spec.connections[0].constraint = {.sign = "dale", .by = "projection", .excitatory = 2};
  const arma::mat w = draw(spec, 4).weights;
  CHECK(same(w.head_cols(2), arma::abs(plain.head_cols(2))));
  CHECK(same(w.tail_cols(4), -arma::abs(plain.tail_cols(4))));
}

TEST_CASE("classes that are too small, and synapses drawn twice, are errors") {
  const auto text = [](const NetworkSpec& spec) {
    const Error error = error_of([&] { (void)draw(spec, 1); });
    CHECK(error.code() == Code::E503);
    return error.text();
  };
  const auto has = [](const std::string& all, const char* part) {
    return all.find(part) != std::string::npos;
  };
  CHECK(has(text(pair(5, 3, classes(6, {1, 1}))), "expected at most 5, found 6"));
  CHECK(has(text(pair(5, 3, classes(2, {3, 1}))),
            "expected at most 2 excitatory and 3 inhibitory, found 3 and 1"));
  CHECK(has(text(pair(5, 3, classes(2, {1, 4}))), "found 1 and 4"));
  CHECK(has(text(pair(5, 3, classes(2, {1, 1}, "absnt"))), "did you mean 'absent'?"));
  NetworkSpec thin = pair(5, 3, classes(2, {1, 1}));
  thin.connections[0].density = 0.5;
  CHECK(has(text(thin), "draws its synapses twice"));
}
