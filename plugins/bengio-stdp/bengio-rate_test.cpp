// SPDX-License-Identifier: Apache-2.0
// dW = S dV on rates: by hand, against loops, as the linear trace of Miconi's rule to the bit, and
// in a network that settles on an energy, where it is the contrastive update of equilibrium
// propagation (Scellier and Bengio 2017, doi:10.3389/fncom.2017.00024).
#include <doctest/doctest.h>

#include <cmath>

#include "../miconi/miconi.cpp"
#include "bengio_rate.hpp"
#include "count_update_allocations.hpp"
#include "wander.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

template <class T>
arma::Mat<T> change(const arma::Mat<T>& pre_columns, const arma::Mat<T>& post_columns) {
  Probe<BengioRate, T> rule({}, post_columns.n_rows, pre_columns.n_rows,
                            std::max<arma::uword>(pre_columns.n_cols, 2));
  rule.set(deltaw::pre, pre_columns).set(deltaw::post, post_columns).set_time(0, 1);
  return rule.update();
}

// Inputs x, hidden h and output y with dh/dt = -h + r'(h) (V x + Wᵀ r(y)), dy/dt = -y + r'(y) W
// r(h)
// + beta (target - y), r = tanh: descent on an energy. The rates of all steps are kept.
class Settling {
 public:
  Settling(double dt, std::uint64_t seed)
      : dt_(dt),
        input_(arma::abs(normal<double>(6, 1, seed))),
        from_input_(0.4 * normal<double>(8, 6, seed + 1)),
        weights_(0.4 * normal<double>(4, 8, seed + 2)),
        target_(0.5 * normal<double>(4, 1, seed + 3)),
        h_(0.1 * normal<double>(8, 1, seed + 4)),
        y_(0.1 * normal<double>(4, 1, seed + 5)) {}

  void run(double beta, double time) {
    const auto steps = static_cast<arma::uword>(std::lround(time / dt_));
    x = arma::repmat(input_, 1, steps + 1);
    h.set_size(8, steps + 1);
    y.set_size(4, steps + 1);
    for (arma::uword t = 0;; ++t) {
      h.col(t) = arma::tanh(h_);
      y.col(t) = arma::tanh(y_);
      if (t == steps) return;
      const arma::vec slope_h = 1 - arma::square(h.col(t)), slope_y = 1 - arma::square(y.col(t));
      const arma::vec dh = -h_ + slope_h % (from_input_ * input_ + weights_.t() * y.col(t));
      const arma::vec dy = -y_ + slope_y % (weights_ * h.col(t)) + beta * (target_ - y_);
      h_ += dt_ * dh;
      y_ += dt_ * dy;
    }
  }

  arma::mat x, h, y;  // rates, units x steps

 private:
  double dt_;
  arma::vec input_;
  arma::mat from_input_, weights_;
  arma::vec target_, h_, y_;
};

struct Updates {
  arma::vec integral, contrastive;  // of both connections
};

Updates nudged(double dt, double beta, std::uint64_t seed) {
  Settling network(dt, seed);
  network.run(0, 200);
  network.run(beta, 40);
  const arma::mat &x = network.x, &h = network.h, &y = network.y;
  const arma::uword last = h.n_cols - 1;
  const auto contrast = [&](const arma::mat& post_rates, const arma::mat& pre_rates) {
    return arma::mat(post_rates.col(last) * pre_rates.col(last).t() -
                     post_rates.col(0) * pre_rates.col(0).t());
  };
  // W serves both ways, so both ways' integrals add up in it.
  const arma::mat both = change<double>(h, y) + change<double>(y, h).t();
  return {arma::join_cols(arma::vectorise(change<double>(x, h)), arma::vectorise(both)) / beta,
          arma::join_cols(arma::vectorise(contrast(h, x)), arma::vectorise(contrast(y, h))) / beta};
}

double cosine(const arma::vec& a, const arma::vec& b) {
  return arma::dot(a, b) / (arma::norm(a) * arma::norm(b));
}

}  // namespace

TEST_CASE_TEMPLATE("three steps by hand: the first has no change", T, float, double) {
  // pre 5, 2, 3 and post 1, 4, 3: 2 (4 - 1) + 3 (3 - 4)
  const arma::Row<T> x{5, 2, 3}, y{1, 4, 3};
  CHECK(change<T>(x, y)[0] == T(3));
  CHECK(change<T>(x.head_cols(1), y.head_cols(1))[0] == T(0));
}

TEST_CASE_TEMPLATE("it equals its loops, and not those of the wrong sign or step", T, float,
                   double) {
  const arma::Mat<T> x = wander<T>(4, 200, 1), y = wander<T>(5, 200, 2);
  arma::mat expected(5, 4, arma::fill::zeros), late(5, 4, arma::fill::zeros);
  for (arma::uword t = 1; t < 200; ++t) {
    for (arma::uword i = 0; i < 5; ++i) {
      for (arma::uword j = 0; j < 4; ++j) {
        const double d = static_cast<double>(y(i, t)) - static_cast<double>(y(i, t - 1));
        expected(i, j) += static_cast<double>(x(j, t)) * d;
        late(i, j) += static_cast<double>(x(j, t - 1)) * d;
      }
    }
  }
  const arma::Mat<T> ours = change(x, y);
  CHECK(largest_difference(ours, expected) < (std::is_same_v<T, float> ? 1e-4 : 1e-12));
  CHECK(largest_difference(ours, late) > 1e-2);
  CHECK(largest_difference(ours, arma::mat(-expected)) > 1);
}

TEST_CASE_TEMPLATE("it is Miconi's linear trace with the last step as mean, to the bit", T, float,
                   double) {
  const arma::Mat<T> x = arma::tanh(wander<T>(4, 300, 3)), y = wander<T>(5, 300, 4);
  Probe<Miconi, T> miconi(
      {{"mean", 0.0}, {"exponent", 1.0}, {"skip", std::int64_t{1}}, {"scale_by_expected", false}},
      5, 4, 300);
  miconi.set(deltaw::pre, x).set(deltaw::potential, y).set_time(0, 1);
  miconi.set(deltaw::reward, arma::Mat<T>{1}).set(deltaw::baseline, arma::Mat<T>{0});
  const arma::Mat<T> ours = change(x, y);
  CHECK(arma::approx_equal(ours, miconi.update(), "absdiff", T(0)));
  CHECK(arma::abs(ours).max() > T(0.01));
}

TEST_CASE("over the nudged phase it adds up to the update of equilibrium propagation") {
  for (std::uint64_t seed = 10; seed < 60; seed += 10) {
    const Updates coarse = nudged(0.05, 0.2, seed), fine = nudged(0.005, 0.2, seed);
    CHECK(cosine(coarse.integral, coarse.contrastive) >= 0.99);
    CHECK(arma::norm(fine.contrastive) > 0.05);
    // What is left is Σ dρ dρᵀ, of the order of a step: ten times finer, ten times less.
    const double left = arma::norm(coarse.integral - coarse.contrastive);
    const double finer = arma::norm(fine.integral - fine.contrastive);
    CHECK(left > 0);
    CHECK(finer / left == doctest::Approx(0.1).epsilon(0.15));
  }
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  CHECK(count_update_allocations<BengioRate, T>({}) == 0);
}
