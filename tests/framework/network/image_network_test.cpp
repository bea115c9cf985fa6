// SPDX-License-Identifier: Apache-2.0
// A network with every kind of layer, beside the same written out in double precision.
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "exact_gradient.hpp"
#include "plain_layers.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

LayerSpec of_type(std::string name, std::string type, std::size_t side = 0, std::size_t filters = 0,
                  std::string activation = "linear") {
  LayerSpec spec = layer(std::move(name), 0, std::move(activation));
  spec.type = std::move(type);
  spec.side = side;
  spec.filters = filters;
  if (spec.type == "max-pool") spec.stride = side;
  return spec;
}

// 9 x 8 pixels of 2 channels - C3x4 relu - MP - D.3 - C2x5 tanh - F - 3 softmax.
NetworkSpec every_kind() {
  LayerSpec input = layer("input", 0);
  input.image = {9, 8, 2};
  LayerSpec drop = of_type("drop", "dropout");
  drop.share = 0.3;
  return chain({input, of_type("conv1", "conv2d", 3, 4, "relu"), of_type("pool", "max-pool", 2),
                drop, of_type("conv2", "conv2d", 2, 5, "tanh"), of_type("flat", "flatten"),
                layer("output", 3, "softmax")});
}

const LossSpec k_loss{.type = "cross-entropy"};

// The weights of every_kind() in double precision, and what it does with them.
struct Plain {
  explicit Plain(const Bench<float>& given) : bench(given) {
    for (const char* name :
         {"conv1.bias", "input>conv1", "conv2.bias", "drop>conv2", "output.bias", "flat>output"}) {
      weights.emplace_back(arma::conv_to<arma::mat>::from(bench.weights_of(name)));
    }
  }
  [[nodiscard]] const Patches& patches(const char* connection) const {
    return bench.network.graph().connections[bench.find(connection)].patches;
  }
  // Mean cross-entropy, with these factors of dropout.
  [[nodiscard]] double loss(const arma::mat& x, const arma::mat& factors,
                            const arma::mat& target) const {
    arma::mat a = plain_convolution(patches("input>conv1"), x, weights[1], weights[0]);
    a = plain_pool(patches("conv1>pool"), arma::clamp(a, 0, arma::datum::inf)) % factors;
    a = arma::tanh(plain_convolution(patches("drop>conv2"), a, weights[3], weights[2]));
    a = weights[5] * a;
    a.each_col() += arma::vec(weights[4]);
    const arma::rowvec normal = arma::log(arma::sum(arma::exp(a), 0));
    return arma::mean(normal - arma::sum(a % target, 0));
  }
  const Bench<float>& bench;
  std::vector<arma::mat> weights;
};

}  // namespace

TEST_CASE("the change of every weight is minus the gradient of the network written out") {
  const arma::mat x = gaussian<double>(9 * 8 * 2, 4, "x"), target = one_hot<double>(3, 4);
  Bench<float> bench(every_kind(), k_loss, arma::conv_to<arma::fmat>::from(x),
                     one_hot<float>(3, 4));
  const std::size_t pool = 3, drop = 4;
  for (const bool is_dropping : {false, true}) {
    CAPTURE(is_dropping);
    if (is_dropping) bench.activity.draw_dropout(7, 1);
    bench.forward();
    const arma::mat before = arma::conv_to<arma::mat>::from(bench.activity.post(pool));
    const arma::mat after = arma::conv_to<arma::mat>::from(bench.activity.post(drop));
    arma::mat factors(arma::size(after), arma::fill::ones);
    for (arma::uword i = 0; i < factors.n_elem; ++i) {
      if (before[i] != 0) factors[i] = after[i] / before[i];
    }
    if (is_dropping) {
      const auto silent = static_cast<double>(arma::accu(factors < 0.5));
      CHECK(std::abs(silent / static_cast<double>(factors.n_elem) - 0.3) < 0.15);
    }
    Plain plain(bench);
    CHECK(bench.forward_loss() == doctest::Approx(plain.loss(x, factors, target)).epsilon(1e-5));
    RuleOnNetwork<Exact, float> exact(bench);
    CHECK(exact.driven().size() == 6);
    std::size_t at = 0;
    for (const char* name :
         {"conv1.bias", "input>conv1", "conv2.bias", "drop>conv2", "output.bias", "flat>output"}) {
      CAPTURE(std::string(name));
      arma::mat& w = plain.weights[at++];
      arma::mat descent(arma::size(w));
      for (arma::uword i = 0; i < w.n_elem; ++i) {
        const double old = w[i], step = 1e-6;
        w[i] = old + step;
        const double above = plain.loss(x, factors, target);
        w[i] = old - step;
        descent[i] = (plain.loss(x, factors, target) - above) / (2 * step);
        w[i] = old;
      }
      CHECK(relative_error(arma::conv_to<arma::mat>::from(exact.change(name)), descent) < 1e-5);
    }
  }
}

TEST_CASE("given weights carry the error back through a convolution in place of its own") {
  Bench<float> bench(every_kind(), k_loss, gaussian<float>(9 * 8 * 2, 4, "x"),
                     one_hot<float>(3, 4));
  const std::size_t c = bench.find("drop>conv2");
  const arma::fmat other = gaussian<float>(5, 16, "B"), own = bench.network.weights(c);
  const arma::fmat g = gaussian<float>(bench.activity.post(5).n_rows, 4, "g");
  arma::fmat grad(bench.activity.post(4).n_rows, 4);
  bench.network.connection_vjp(c, bench.activity, g, other.memptr(), 0, grad);
  const auto& patches = bench.network.graph().connections[c].patches;
  const arma::mat exact = plain_convolution_vjp(patches, arma::conv_to<arma::mat>::from(g),
                                                arma::conv_to<arma::mat>::from(other));
  CHECK(relative_error(arma::conv_to<arma::mat>::from(grad), exact) < 2e-6);
}

TEST_CASE("dropout is the same for one seed and number, another for another, and gone in a test") {
  Bench<float> bench(every_kind(), k_loss, gaussian<float>(9 * 8 * 2, 4, "x"),
                     one_hot<float>(3, 4));
  const auto run = [&](Activity<float>& activity) {
    activity.post(1) = arma::fmat(gaussian<float>(9 * 8 * 2, 4, "x"));
    bench.network.forward(activity);
    const arma::fmat post = activity.post(4);
    return arma::fmat(post.memptr(), post.n_rows, post.n_cols);
  };
  Activity<float> one(bench.network.graph(), 4), two(bench.network.graph(), 4);
  one.set_columns(4);
  two.set_columns(4);
  const arma::fmat whole = run(one);
  CHECK(arma::all(arma::vectorise(whole == arma::fmat(one.post(3)))));
  one.draw_dropout(1, 5);
  two.draw_dropout(1, 5);
  CHECK(arma::all(arma::vectorise(run(one) == run(two))));
  two.draw_dropout(1, 6);
  CHECK(arma::any(arma::vectorise(run(one) != run(two))));
  two.draw_dropout(2, 5);
  CHECK(arma::any(arma::vectorise(run(one) != run(two))));
}

TEST_CASE("weights start as wide as what a kernel sees asks for, and not unit by unit") {
  Bench<float> bench(every_kind(), k_loss, gaussian<float>(144, 4, "x"), one_hot<float>(3, 4));
  NetworkSpec spec = every_kind();
  spec.connections[0].init.type = "glorot-uniform";
  Network<float> network(make_graph(spec));
  initialise(network, 1, arma::fmat());
  // Fan in 3 x 3 x 2, fan out 3 x 3 x 4.
  const double bound = std::sqrt(6.0 / (18 + 36));
  const double top = arma::abs(network.weights(bench.find("input>conv1"))).max();
  CHECK(top < bound);
  CHECK(top > 0.9 * bound);
  spec.connections[0].init.type = "balance";
  Network<float> other(make_graph(spec));
  CHECK_THROWS_AS(initialise(other, 1, gaussian<float>(144, 4, "x")), Error);
}
