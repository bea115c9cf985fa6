// SPDX-License-Identifier: Apache-2.0
// A soft winner-take-all layer whose units move towards the inputs that they win (Moraitis et al.
// 2022, doi:10.1088/2634-4386/aca710); with anti-Hebbian losers, Journé et al. 2023,
// arXiv:2209.11883.
#include <algorithm>
#include <cmath>
#include <deltaw/rule.hpp>

// ΔW_i = <y_i (x - u_i W_i)>, y = softmax(u / temperature) over the layer; with anti_hebbian all
// but the largest y of an observation, the first of equals, have the minus sign.
template <class T>
class SoftHebb {
 public:
  static constexpr auto id = "soft-hebb";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::potential | deltaw::weights;

  explicit SoftHebb(const deltaw::Setup& setup)
      : sharpness_(static_cast<T>(1 / setup.number("temperature"))),
        is_anti_hebbian_(setup.boolean("anti_hebbian")),
        share_(setup.outputs(), setup.max_columns()),
        decay_(setup.outputs()) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> u = s.potential(), w = s.weights();
    arma::Mat<T> share = deltaw::first_columns(share_, s.columns());
    decay_.zeros();
    for (arma::uword c = 0; c < u.n_cols; ++c) {
      compete(u.colptr(c), u.n_rows, 1 / static_cast<T>(u.n_cols), share.colptr(c));
      decay_ += share.col(c) % u.col(c);
    }
    delta += share * s.pre().t();
    for (arma::uword j = 0; j < w.n_cols; ++j) delta.col(j) -= decay_ % w.col(j);
  }

 private:
  // share = ± softmax(u / temperature) * total
  void compete(const T* u, arma::uword units, T total, T* share) const {
    const T* const winner = std::max_element(u, u + units);
    T sum = 0;
    for (arma::uword i = 0; i < units; ++i) {
      share[i] = std::exp(sharpness_ * (u[i] - *winner));
      sum += share[i];
    }
    const T scale = total / sum;
    for (arma::uword i = 0; i < units; ++i) share[i] *= is_anti_hebbian_ ? -scale : scale;
    share[winner - u] = scale;
  }

  T sharpness_;
  bool is_anti_hebbian_;
  arma::Mat<T> share_;  // y / K with its sign
  arma::Col<T> decay_;  // <y u>
};

DELTAW_PLUGIN(SoftHebb)
