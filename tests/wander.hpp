// SPDX-License-Identifier: Apache-2.0
// For tests of rules in time: potentials that drift and jump as those of a perturbed network, and
// how far two changes of weights are apart.
#pragma once

#include <algorithm>
#include <deltaw/testing.hpp>

namespace deltaw::testing {

// units x steps: a leaky random walk that is pushed every now and then.
template <class T>
arma::Mat<T> wander(arma::uword units, arma::uword steps, std::uint64_t seed) {
  Draws draws(seed, 0, 0);
  arma::Mat<T> out(units, steps);
  for (arma::uword i = 0; i < units; ++i) {
    double x = 0.1 * draws.normal();
    for (arma::uword t = 0; t < steps; ++t) {
      x = 0.97 * x + 0.02 * draws.normal();
      if (draws.uniform() < 0.05) x += draws.uniform() - 0.5;
      out(i, t) = static_cast<T>(x);
    }
  }
  return out;
}

template <class T>
arma::mat widened(const arma::Mat<T>& m) {
  return arma::conv_to<arma::mat>::from(m);
}

// The largest difference of two elements, relative to the largest element.
template <class A, class B>
double largest_difference(const arma::Mat<A>& a, const arma::Mat<B>& b) {
  const double size = std::max(arma::abs(widened(a)).max(), arma::abs(widened(b)).max());
  return size == 0 ? 0 : arma::abs(widened(a) - widened(b)).max() / size;
}

}  // namespace deltaw::testing
