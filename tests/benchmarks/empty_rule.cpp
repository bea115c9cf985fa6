// SPDX-License-Identifier: Apache-2.0
// Rules that do nothing, so that what is left to measure is the call: one looks at no signal, one
// takes the views that a Hebbian rule would take.
#include <deltaw/rule.hpp>

template <class T>
class Empty {
 public:
  static constexpr auto id = "empty";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;
  explicit Empty(const deltaw::Setup&) {}
  void update(const deltaw::Signals<T>&, arma::Mat<T>&) {}
};

template <class T>
class Looking {
 public:
  static constexpr auto id = "looking";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post;
  explicit Looking(const deltaw::Setup&) {}
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    delta(0, 0) += s.pre()(0, 0) * s.post()(0, 0);
  }
};

DELTAW_PLUGIN(Empty, Looking)
