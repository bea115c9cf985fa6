// SPDX-License-Identifier: Apache-2.0
// oneDNN's convolution and our max-pooling beside plain loops, and these beside central
// differences.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/error.hpp"
#include "error_of.hpp"
#include "network/convolution.hpp"
#include "network/max_pool.hpp"
#include "network/shapes.hpp"
#include "plain_layers.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

Patches convolution(const ImageSize& image, std::size_t filters, std::size_t side,
                    std::size_t stride = 1, std::size_t padding = 0, bool is_planar = false) {
  LayerSpec source, layer;
  source.image = image;
  layer.type = "conv2d";
  layer.filters = filters;
  layer.side = side;
  layer.stride = stride;
  layer.padding = padding;
  return patches_of(layer, source, is_planar);
}

Patches pool(const ImageSize& image, std::size_t side, std::size_t stride, bool is_planar = false) {
  LayerSpec source, layer;
  source.image = image;
  layer.type = "max-pool";
  layer.side = side;
  layer.stride = stride;
  return patches_of(layer, source, is_planar);
}

const std::vector<Patches> k_convolutions = {convolution({8, 8, 1}, 6, 5),
                                             convolution({7, 9, 3}, 4, 3, 2, 1),
                                             convolution({6, 6, 3}, 8, 3, 1, 0, true),
                                             convolution({6, 5, 16}, 32, 3),
                                             convolution({5, 5, 8}, 16, 3, 1, 1),
                                             convolution({4, 4, 2}, 3, 4),
                                             convolution({5, 6, 6}, 16, 1, 2)};

const std::vector<Patches> k_pools = {pool({6, 6, 8}, 2, 2), pool({7, 5, 3}, 2, 2),
                                      pool({6, 6, 16}, 3, 2), pool({5, 7, 3}, 3, 3, true)};

arma::fmat single(const arma::mat& m) { return arma::conv_to<arma::fmat>::from(m); }
template <class T>
arma::mat wide(const arma::Mat<T>& m) {
  return arma::conv_to<arma::mat>::from(m);
}

// d (g . f(x)) / dx by central differences.
template <class F>
arma::mat differences(arma::mat& x, const arma::mat& g, double step, F f) {
  arma::mat out(arma::size(x));
  for (arma::uword i = 0; i < x.n_elem; ++i) {
    const double old = x[i];
    x[i] = old + step;
    const double above = arma::accu(g % f());
    x[i] = old - step;
    out[i] = (above - arma::accu(g % f())) / (2 * step);
    x[i] = old;
  }
  return out;
}

}  // namespace

TEST_CASE("the plain layers' products backwards are central differences") {
  for (const Patches& p : {k_convolutions[1], k_convolutions[2], k_convolutions[6]}) {
    arma::mat x = gaussian<double>(p.source.units(), 2, "x");
    arma::mat w = gaussian<double>(p.target.channels, p.size(), "w");
    const arma::vec b = gaussian<double>(p.target.channels, 1, "b");
    const arma::mat g = gaussian<double>(p.target.units(), 2, "g");
    const auto f = [&] { return plain_convolution(p, x, w, b); };
    CHECK(relative_error(plain_convolution_vjp(p, g, w), differences(x, g, 1e-4, f)) < 1e-9);
    CHECK(relative_error(plain_convolution_gradient(p, x, g), differences(w, g, 1e-4, f)) < 1e-9);
  }
  for (const Patches& p : k_pools) {
    arma::mat x = gaussian<double>(p.source.units(), 2, "x");
    const arma::mat g = gaussian<double>(p.target.units(), 2, "g");
    const auto f = [&] { return plain_pool(p, x); };
    CHECK(relative_error(plain_pool_vjp(p, x, g), differences(x, g, 1e-7, f)) < 1e-6);
  }
}

TEST_CASE("oneDNN's convolution and its products backwards are the plain loops'") {
  for (const Patches& p : k_convolutions) {
    Convolution<float> kernel(p);
    // A block, a smaller one, and the first again.
    for (const std::size_t k : {5u, 2u, 5u}) {
      CAPTURE(p.size());
      CAPTURE(k);
      const arma::mat x = gaussian<double>(p.source.units(), k, "x");
      const arma::mat w = gaussian<double>(p.target.channels, p.size(), "w");
      const arma::mat b = gaussian<double>(p.target.channels, 1, "b");
      const arma::vec none(p.target.channels, arma::fill::zeros);
      const arma::mat g = gaussian<double>(p.target.units(), k, "g");
      const arma::fmat xs = single(x), ws = single(w), bs = single(b), gs = single(g);
      arma::fmat out(p.target.units(), k);
      kernel.forward(k, xs.memptr(), ws.memptr(), bs.memptr(), out.memptr());
      CHECK(relative_error(wide(out), plain_convolution(p, x, w, b)) < 2e-6);
      kernel.forward(k, xs.memptr(), ws.memptr(), nullptr, out.memptr());
      CHECK(relative_error(wide(out), plain_convolution(p, x, w, none)) < 2e-6);

      arma::fmat back(p.source.units(), k, arma::fill::ones);
      const arma::mat exact = plain_convolution_vjp(p, g, w);
      kernel.vjp(k, gs.memptr(), ws.memptr(), 0, back.memptr());
      CHECK(relative_error(wide(back), exact) < 2e-6);
      kernel.vjp(k, gs.memptr(), ws.memptr(), 0.5F, back.memptr());
      CHECK(relative_error(wide(back), arma::mat(1.5 * exact)) < 2e-6);

      arma::fmat delta(p.target.channels, p.size(), arma::fill::ones);
      kernel.gradient(k, xs.memptr(), gs.memptr(), -2, delta.memptr());
      const arma::mat change = 1 - 2 * plain_convolution_gradient(p, x, g);
      CHECK(relative_error(wide(delta), change) < 2e-6);
    }
  }
}

TEST_CASE_TEMPLATE("max-pooling is the plain loops', and what fills no square is not looked at", T,
                   float, double) {
  for (const Patches& p : k_pools) {
    MaxPool<T> kernel(p, 4);
    for (const std::size_t k : {4u, 1u, 4u}) {
      const arma::Mat<T> x = gaussian<T>(p.source.units(), k, "x");
      const arma::Mat<T> g = gaussian<T>(p.target.units(), k, "g");
      arma::Mat<T> out(p.target.units(), k), back(p.source.units(), k, arma::fill::ones);
      kernel.forward(k, x.memptr(), out.memptr());
      CHECK(relative_error(wide(out), plain_pool(p, wide(x))) == 0);
      kernel.vjp(k, g.memptr(), 0, back.memptr());
      const arma::mat exact = plain_pool_vjp(p, wide(x), wide(g));
      CHECK(relative_error(wide(back), exact) < 1e-7);
      kernel.vjp(k, g.memptr(), 1, back.memptr());
      CHECK(relative_error(wide(back), arma::mat(2 * exact)) < 1e-7);
    }
  }
  CHECK(k_pools[1].target.height == 3);
  CHECK(k_pools[1].target.width == 2);
}

TEST_CASE_TEMPLATE("a convolution is a product with its squares as columns", T, float, double) {
  for (const Patches& p : k_convolutions) {
    const arma::Mat<T> x = gaussian<T>(p.source.units(), 3, "x");
    const arma::Mat<T> w = gaussian<T>(p.target.channels, p.size(), "w");
    arma::Mat<T> squares(p.size(), p.positions() * 3);
    gather_patches(p, x, squares);
    arma::Mat<T> product = w * squares;
    product.reshape(p.target.units(), 3);
    const arma::mat exact =
        plain_convolution(p, arma::conv_to<arma::mat>::from(x), arma::conv_to<arma::mat>::from(w),
                          arma::vec(p.target.channels, arma::fill::zeros));
    CHECK(relative_error(arma::conv_to<arma::mat>::from(product), exact) <
          (std::is_same_v<T, float> ? 1e-6 : 1e-14));
  }
}

TEST_CASE("in double precision there is no convolution, and it says so") {
  const Error conv = error_of([] { Convolution<double> kernel(k_convolutions[0]); });
  CHECK(conv.code() == Code::E519);
  CHECK(conv.text().find("convolution is not there in double precision") != std::string::npos);
}
