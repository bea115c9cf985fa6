// SPDX-License-Identifier: Apache-2.0
// For tests: convolution and max-pooling as their definitions say, in plain loops, with products
// backwards written from the chain rule. No speed; any thread.
#pragma once

#include <armadillo>
#include <cstddef>

#include "network/patches.hpp"

namespace deltaw::testing {

// Of one sample's image: where channel c of pixel (y, x) lies.
inline std::size_t place_of(const ImageSize& image, bool is_planar, std::size_t y, std::size_t x,
                            std::size_t c) {
  return is_planar ? (c * image.height + y) * image.width + x
                   : (y * image.width + x) * image.channels + c;
}

// Calls each(target's unit, source's unit, column of W, filter) for every product of a convolution.
template <class Each>
void each_product(const Patches& p, Each each) {
  for (std::size_t y = 0; y < p.target.height; ++y)
    for (std::size_t x = 0; x < p.target.width; ++x)
      for (std::size_t f = 0; f < p.target.channels; ++f)
        for (std::size_t v = 0; v < p.side; ++v)
          for (std::size_t u = 0; u < p.side; ++u)
            for (std::size_t c = 0; c < p.source.channels; ++c) {
              const auto row = static_cast<long>(y * p.stride + v) - static_cast<long>(p.padding);
              const auto column =
                  static_cast<long>(x * p.stride + u) - static_cast<long>(p.padding);
              if (row < 0 || column < 0 || row >= static_cast<long>(p.source.height) ||
                  column >= static_cast<long>(p.source.width)) {
                continue;
              }
              each(place_of(p.target, false, y, x, f),
                   place_of(p.source, p.is_planar, static_cast<std::size_t>(row),
                            static_cast<std::size_t>(column), c),
                   (v * p.side + u) * p.source.channels + c, f);
            }
}

inline arma::mat plain_convolution(const Patches& p, const arma::mat& source, const arma::mat& w,
                                   const arma::vec& bias) {
  arma::mat out(p.target.units(), source.n_cols);
  for (arma::uword i = 0; i < out.n_rows; ++i) out.row(i).fill(bias[i % p.target.channels]);
  each_product(p, [&](std::size_t to, std::size_t from, std::size_t j, std::size_t f) {
    out.row(to) += w(f, j) * source.row(from);
  });
  return out;
}

inline arma::mat plain_convolution_vjp(const Patches& p, const arma::mat& grad,
                                       const arma::mat& w) {
  arma::mat out(p.source.units(), grad.n_cols, arma::fill::zeros);
  each_product(p, [&](std::size_t to, std::size_t from, std::size_t j, std::size_t f) {
    out.row(from) += w(f, j) * grad.row(to);
  });
  return out;
}

inline arma::mat plain_convolution_gradient(const Patches& p, const arma::mat& source,
                                            const arma::mat& grad) {
  arma::mat out(p.target.channels, p.size(), arma::fill::zeros);
  each_product(p, [&](std::size_t to, std::size_t from, std::size_t j, std::size_t f) {
    out(f, j) += arma::dot(grad.row(to), source.row(from));
  });
  return out;
}

// The source's unit that each of the target's shows (units x K).
inline arma::umat largest(const Patches& p, const arma::mat& source) {
  arma::umat out(p.target.units(), source.n_cols);
  for (arma::uword k = 0; k < source.n_cols; ++k)
    for (std::size_t y = 0; y < p.target.height; ++y)
      for (std::size_t x = 0; x < p.target.width; ++x)
        for (std::size_t c = 0; c < p.target.channels; ++c) {
          const auto at = [&](std::size_t v, std::size_t u) {
            return place_of(p.source, p.is_planar, y * p.stride + v, x * p.stride + u, c);
          };
          std::size_t best = at(0, 0);
          for (std::size_t v = 0; v < p.side; ++v)
            for (std::size_t u = 0; u < p.side; ++u)
              if (source(at(v, u), k) > source(best, k)) best = at(v, u);
          out(place_of(p.target, false, y, x, c), k) = best;
        }
  return out;
}

inline arma::mat plain_pool(const Patches& p, const arma::mat& source) {
  const arma::umat which = largest(p, source);
  arma::mat out(which.n_rows, which.n_cols);
  for (arma::uword k = 0; k < out.n_cols; ++k)
    for (arma::uword i = 0; i < out.n_rows; ++i) out(i, k) = source(which(i, k), k);
  return out;
}

inline arma::mat plain_pool_vjp(const Patches& p, const arma::mat& source, const arma::mat& grad) {
  const arma::umat which = largest(p, source);
  arma::mat out(source.n_rows, source.n_cols, arma::fill::zeros);
  for (arma::uword k = 0; k < grad.n_cols; ++k)
    for (arma::uword i = 0; i < grad.n_rows; ++i) out(which(i, k), k) += grad(i, k);
  return out;
}

}  // namespace deltaw::testing
