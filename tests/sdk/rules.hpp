// SPDX-License-Identifier: Apache-2.0
// Rules that do one thing each, right or wrong. They see pre and weights, and copy pre unless said.
#pragma once

#include <deltaw/rule.hpp>
#include <stdexcept>

namespace rules {

template <class T>
struct Base {
  static constexpr auto id = "test";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::weights;
  explicit Base(const deltaw::Setup&) {}
};

template <class T>
struct UsesUndeclared : Base<T> {
  using Base<T>::Base;
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) { delta += s.potential(); }
};

template <class T>
struct ChangesSize : Base<T> {
  using Base<T>::Base;
  void update(const deltaw::Signals<T>&, arma::Mat<T>& delta) { delta.ones(7, 7); }
};

template <class T>
struct Detaches : Base<T> {
  using Base<T>::Base;
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    arma::Mat<T> other = s.weights() * T(2);
    delta = std::move(other);
  }
};

template <class T>
struct Mismatches : Base<T> {
  using Base<T>::Base;
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) { delta += s.pre(); }
};

template <class T>
struct WritesSignal : Base<T> {
  using Base<T>::Base;
  void update(const deltaw::Signals<T>& s, arma::Mat<T>&) {
    arma::Mat<T> x = s.pre();
    x[0] += 1;
  }
};

// What it throws is chosen by a parameter.
template <class T>
struct Throws : Base<T> {
  explicit Throws(const deltaw::Setup& setup) : Base<T>(setup), what_(setup.text("what")) {
    if (what_ == "construction") throw std::invalid_argument("no such thing");
    if (what_ == "network") static_cast<void>(setup.network());
    if (what_ == "type") static_cast<void>(setup.number("what"));
    if (what_ == "name") static_cast<void>(setup.number("rate"));
  }
  void update(const deltaw::Signals<T>&, arma::Mat<T>&) {
    if (what_ == "memory") throw std::bad_alloc();
    if (what_ == "numeric") throw deltaw::NumericError("diverged");
    if (what_ == "unsupported") throw deltaw::Unsupported("not this");
    if (what_ == "runtime") throw std::runtime_error("broken");
    if (what_ == "long") throw std::runtime_error(std::string(2000, 'x'));
    if (what_ == "integer") throw 7;
  }

 private:
  std::string what_;
};

// ΔW = noise drawn at creation + mean of all pre that it saw, observed or given to update.
template <class T>
struct Remembers {
  static constexpr auto id = "remembers";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre;
  explicit Remembers(const deltaw::Setup& setup)
      : noise_(setup.outputs(), setup.inputs()), sum_(setup.inputs(), arma::fill::zeros) {
    setup.random().normal(noise_, 3);
  }
  void observe(const deltaw::Signals<T>& s) {
    sum_ += arma::sum(s.pre(), 1);
    count_ += s.columns();
  }
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    observe(s);
    delta += noise_;
    delta.each_row() += sum_.t() / static_cast<T>(count_);
  }
  template <class Archive>
  void state(Archive& archive) {
    archive(sum_, count_);
  }
  void monitor(deltaw::Monitor& monitor) const {
    monitor.show("noise", noise_);
    monitor.show("sum", sum_);
  }

 private:
  arma::Mat<T> noise_;
  arma::Col<T> sum_;
  std::uint64_t count_ = 0;
};

}  // namespace rules
