// SPDX-License-Identifier: Apache-2.0
// Forward-forward: each layer learns to be active where the data are right and silent where they
// are wrong, by its own goodness (Hinton 2022, arXiv:2212.13345).
#include <cmath>
#include <deltaw/rule.hpp>

template <class T>
class ForwardForward {
 public:
  static constexpr auto id = "forward-forward";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post | deltaw::derivative;

  explicit ForwardForward(const deltaw::Setup& setup)
      : threshold_(static_cast<T>(setup.number("threshold"))),
        weight_(setup.text("goodness") == "mean" ? 1 / static_cast<T>(setup.outputs()) : T(1)),
        slope_(setup.outputs(), setup.max_columns()),
        right_(setup.outputs(), setup.inputs()) {}

  // The first phase: data labelled right.
  void observe(const deltaw::Signals<T>& s) { add(s, 1, right_); }

  // ΔW = -d/dW (<log(1 + exp(-g))> right + <log(1 + exp(g))> wrong), g = Σ post² - threshold.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    add(s, -1, delta);
    delta += right_;
    right_.zeros();
  }

 private:
  // Up the log probability that data of this sign (1 right, -1 wrong) are taken for what they are.
  void add(const deltaw::Signals<T>& s, T sign, arma::Mat<T>& to) {
    const arma::Mat<T> post = s.post(), derivative = s.derivative();
    arma::Mat<T> slope = deltaw::first_columns(slope_, s.columns());
    for (arma::uword k = 0; k < post.n_cols; ++k) {
      T goodness = 0;
      for (arma::uword i = 0; i < post.n_rows; ++i) {
        goodness += weight_ * (post(i, k) * post(i, k) - threshold_);
      }
      const T doubt = 1 / (1 + std::exp(sign * goodness));
      const T factor = 2 * weight_ * sign * doubt / static_cast<T>(post.n_cols);
      for (arma::uword i = 0; i < post.n_rows; ++i) {
        slope(i, k) = factor * post(i, k) * derivative(i, k);
      }
    }
    to += slope * s.pre().t();
  }

  T threshold_, weight_;
  arma::Mat<T> slope_, right_;
};

DELTAW_PLUGIN(ForwardForward)
