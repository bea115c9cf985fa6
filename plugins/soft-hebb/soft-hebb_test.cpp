// SPDX-License-Identifier: Apache-2.0
// Against loops over units and synapses, by hand, and on the real 8x8 digits, where the length of
// units that win must become 1.
#include "soft-hebb.cpp"

#include <doctest/doctest.h>

#include <deltaw/testing.hpp>
#include <limits>

#include "core/random.hpp"
#include "count_update_allocations.hpp"
#include "digits.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

template <class T>
arma::Mat<T> change(Probe<SoftHebb, T>& rule, const arma::Mat<T>& x, const arma::Mat<T>& u,
                    const arma::Mat<T>& w) {
  return rule.set(deltaw::pre, x).set(deltaw::potential, u).set(deltaw::weights, w).update();
}

arma::mat loops(const arma::mat& x, const arma::mat& u, const arma::mat& w, double temperature,
                bool is_anti_hebbian) {
  arma::mat out(w.n_rows, w.n_cols, arma::fill::zeros);
  for (arma::uword c = 0; c < x.n_cols; ++c) {
    double sum = 0, largest = -std::numeric_limits<double>::infinity();
    for (arma::uword i = 0; i < w.n_rows; ++i) {
      sum += std::exp(u(i, c) / temperature);
      largest = std::max(largest, u(i, c));
    }
    for (arma::uword i = 0; i < w.n_rows; ++i) {
      double y = std::exp(u(i, c) / temperature) / sum;
      if (is_anti_hebbian && u(i, c) != largest) y = -y;
      for (arma::uword j = 0; j < w.n_cols; ++j) {
        out(i, j) += y * (x(j, c) - u(i, c) * w(i, j)) / static_cast<double>(x.n_cols);
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("two units worked by hand: shares of 3/4 and 1/4", T, float, double) {
  // u = (log 3, 0), x = (1, 2), W = [1 0; 0 1]: row 0: 3/4 (1 - log 3, 2), row 1: 1/4 (1, 2).
  const T l = static_cast<T>(std::log(3.0));
  const arma::Mat<T> x = arma::Col<T>{1, 2}, u = arma::Col<T>{l, 0}, w(2, 2, arma::fill::eye);
  Probe<SoftHebb, T> rule({{"temperature", 1.0}, {"anti_hebbian", false}}, 2, 2);
  Probe<SoftHebb, T> anti({{"temperature", 1.0}, {"anti_hebbian", true}}, 2, 2);
  const arma::Mat<T> first{{T(0.75) * (1 - l), T(1.5)}};
  CHECK(arma::approx_equal(change(rule, x, u, w),
                           arma::join_cols(first, arma::Mat<T>{{T(0.25), T(0.5)}}).eval(),
                           "absdiff", T(1e-6)));
  CHECK(arma::approx_equal(change(anti, x, u, w),
                           arma::join_cols(first, arma::Mat<T>{{T(-0.25), T(-0.5)}}).eval(),
                           "absdiff", T(1e-6)));
}

TEST_CASE_TEMPLATE("the change is that of loops, hard or soft, with either sign", T, float,
                   double) {
  const auto wide = [](const arma::Mat<T>& m) { return arma::conv_to<arma::mat>::from(m); };
  const arma::Mat<T> x = normal<T>(6, 9, 1), u = normal<T>(5, 9, 2), w = normal<T>(5, 6, 3);
  for (const double temperature : {0.1, 1.0, 7.0}) {
    for (const bool is_anti_hebbian : {false, true}) {
      Probe<SoftHebb, T> rule({{"temperature", temperature}, {"anti_hebbian", is_anti_hebbian}}, 5,
                              6);
      const arma::mat expected = loops(wide(x), wide(u), wide(w), temperature, is_anti_hebbian);
      CHECK(arma::abs(wide(change(rule, x, u, w)) - expected).max() <
            (std::is_same_v<T, float> ? 1e-5 : 1e-13));
      const arma::mat other = loops(wide(x), wide(u), wide(w), temperature, !is_anti_hebbian);
      CHECK(arma::abs(other - expected).max() > 0.1);
    }
  }
}

TEST_CASE_TEMPLATE("large potentials do not overflow", T, float, double) {
  Probe<SoftHebb, T> rule({{"temperature", 0.01}, {"anti_hebbian", false}}, 2, 1);
  const arma::Mat<T> x(1, 1, arma::fill::ones), w(2, 1, arma::fill::zeros);
  const arma::Mat<T> moved = change(rule, x, arma::Mat<T>(arma::Col<T>{1000, -1000}), w);
  CHECK(moved[0] == 1);
  CHECK(moved[1] == 0);
}

TEST_CASE("on the digits units that win one observation in a hundred end with length 1") {
  const arma::mat x = arma::normalise(digits_pixels(), 2, 0);
  arma::mat w = normal<double>(16, 64, 1);
  Probe<SoftHebb, double> rule({{"temperature", 0.05}, {"anti_hebbian", false}}, 16, 64, 100);
  arma::vec wins(16);
  const int epochs = 600;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    const auto order =
        Random(1, "shuffle", static_cast<std::uint64_t>(epoch)).permutation(x.n_cols);
    wins.zeros();
    for (std::size_t first = 0; first + 100 <= order.size(); first += 100) {
      arma::uvec chosen(100);
      for (arma::uword i = 0; i < 100; ++i) chosen[i] = order[first + i];
      const arma::mat batch = x.cols(chosen), u = w * batch;
      for (const arma::uword i : arma::index_max(u, 0).eval()) wins[i] += 1;
      w += 0.3 * (1 - static_cast<double>(epoch) / epochs) * change<double>(rule, batch, u, w);
    }
  }
  CHECK(arma::accu(wins >= 17) >= 8);
  for (arma::uword i = 0; i < 16; ++i) {
    CAPTURE(i);
    if (wins[i] >= 17) CHECK(arma::norm(w.row(i)) == doctest::Approx(1).epsilon(0.01));
  }
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  if (!k_counts_allocations) return;
  for (const bool is_anti_hebbian : {false, true}) {
    CHECK(count_update_allocations<SoftHebb, T>(
              {parameter("temperature", 1.0), parameter("anti_hebbian", is_anti_hebbian)}) == 0);
  }
}
