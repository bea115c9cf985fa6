// SPDX-License-Identifier: Apache-2.0
// ΔW = Σ_t pre(t) (post(t) - post(t-1)) over the steps of a trial after its first. One thread an
// instance.
#pragma once

#include <deltaw/rule.hpp>

template <class T>
class BengioRate {
 public:
  static constexpr auto id = "bengio-rate";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post;
  static constexpr std::uint32_t grain = DELTAW_GRAIN_TRIAL;

  explicit BengioRate(const deltaw::Setup& setup) : change_(setup.outputs(), setup.max_columns()) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    if (s.columns() < 2) return;
    const arma::uword changes = s.columns() - 1;
    const arma::Mat<T> x = s.pre(), y = s.post();
    arma::Mat<T> d = deltaw::first_columns(change_, changes);
    d = y.tail_cols(changes) - y.head_cols(changes);
    const arma::Mat<T> then(const_cast<T*>(x.colptr(1)), x.n_rows, changes, false, true);
    delta += d * then.t();
  }

 private:
  arma::Mat<T> change_;
};
