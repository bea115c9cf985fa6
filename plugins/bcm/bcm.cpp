// SPDX-License-Identifier: Apache-2.0
// The rule of Bienenstock, Cooper and Munro (1982): a unit's own mean activity is the threshold
// between weakening and strengthening. Three rules, because they need different things: only
// "intrator-cooper" the derivative of the activation, only "supervised-bcm" a target.
#include <algorithm>
#include <deltaw/rule.hpp>
#include <limits>

// What the rules share. theta (outputs x 1) is the squared activity to expect of each unit,
//   theta <- memory theta + (1 - memory) <y²>, or <y²> of the present batch alone,
// and phi (outputs x K) = scale y (y - theta) / K, so that ΔW = phi xᵀ. The scale is 1 or 1 /
// theta; then phi is 0 where a unit has been silent, or as good as, all along.
template <class T>
class Modification {
 public:
  Modification(const deltaw::Setup& setup, bool is_divided)
      : is_divided_(is_divided),
        keep_(setup.text("threshold") == "batch" ? T(0) : static_cast<T>(setup.number("memory"))),
        theta_(setup.outputs(), arma::fill::zeros),
        scale_(setup.outputs()),
        phi_(setup.outputs(), setup.max_columns()) {}

  arma::Mat<T> phi(const arma::Mat<T>& y) {
    const T share = 1 / static_cast<T>(y.n_cols);
    theta_ *= keep_;
    for (arma::uword c = 0; c < y.n_cols; ++c) {
      theta_ += (1 - keep_) * share * arma::square(y.col(c));
    }
    for (arma::uword i = 0; i < theta_.n_elem; ++i) {
      const bool is_silent = theta_[i] < std::numeric_limits<T>::min();
      scale_[i] = !is_divided_ ? share : is_silent ? T(0) : share / theta_[i];
    }
    arma::Mat<T> phi = deltaw::first_columns(phi_, y.n_cols);
    for (arma::uword c = 0; c < y.n_cols; ++c) {
      phi.col(c) = scale_ % y.col(c) % (y.col(c) - theta_);
    }
    return phi;
  }
  template <class Archive>
  void state(Archive& archive) {
    archive(theta_);
  }
  void monitor(deltaw::Monitor& monitor) const { monitor.show("theta", theta_); }

 private:
  bool is_divided_;
  T keep_;
  arma::Col<T> theta_, scale_;
  arma::Mat<T> phi_;
};

// law-cooper: ΔW = <y (y - theta) x> / theta (Law and Cooper 1994, doi:10.1073/pnas.91.16.7797);
// classic: ΔW = <y (y - theta) x> (Bienenstock, Cooper and Munro 1982,
// doi:10.1523/JNEUROSCI.02-01-00032.1982).
template <class T>
class Bcm : public Modification<T> {
 public:
  static constexpr auto id = "bcm";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post;

  explicit Bcm(const deltaw::Setup& setup)
      : Modification<T>(setup, setup.text("variant") == "law-cooper") {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    delta += this->phi(s.post()) * s.pre().t();
  }
};

// ΔW = <y (y - theta) f'(u) x>, descent on a loss for a unit y = f(u) (Intrator and Cooper 1992,
// doi:10.1016/S0893-6080(05)80003-6).
template <class T>
class IntratorCooper : public Modification<T> {
 public:
  static constexpr auto id = "intrator-cooper";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post | deltaw::derivative;

  explicit IntratorCooper(const deltaw::Setup& setup) : Modification<T>(setup, false) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    arma::Mat<T> phi = this->phi(s.post());
    phi %= s.derivative();
    delta += phi * s.pre().t();
  }
};

// The rule above on what an output unit does while it is taught: max(0, y + teacher target).
template <class T>
class SupervisedBcm : public Modification<T> {
 public:
  static constexpr auto id = "supervised-bcm";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post | deltaw::target;

  explicit SupervisedBcm(const deltaw::Setup& setup)
      : Modification<T>(setup, setup.text("variant") == "law-cooper"),
        teacher_(static_cast<T>(setup.number("teacher"))),
        taught_(setup.outputs(), setup.max_columns()) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> y = s.post(), target = s.target();
    arma::Mat<T> taught = deltaw::first_columns(taught_, s.columns());
    for (arma::uword i = 0; i < y.n_elem; ++i) {
      taught[i] = std::max(T(0), y[i] + teacher_ * target[i]);
    }
    delta += this->phi(taught) * s.pre().t();
  }

 private:
  T teacher_;
  arma::Mat<T> taught_;
};

DELTAW_PLUGIN(Bcm, IntratorCooper, SupervisedBcm)
