// SPDX-License-Identifier: Apache-2.0
// Unsupervised Hebbian rules of linear units. "hebbian" needs nothing but the synapse's own pre,
// post and weight; "sanger" also what the other units of the layer do. In time, "reward-hebbian":
// the sum of what a synapse saw in a trial, times the reward.
#include <cmath>
#include <deltaw/rule.hpp>

// plain: ΔW = <y xᵀ> (Hebb 1949); oja: ΔW = <y xᵀ> - diag <y²> W (Oja 1982,
// doi:10.1007/BF00275687).
template <class T>
class Hebbian {
 public:
  static constexpr auto id = "hebbian";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post | deltaw::weights;

  explicit Hebbian(const deltaw::Setup& setup)
      : is_oja_(setup.text("variant") == "oja"),
        post_(setup.outputs(), setup.max_columns()),
        power_(setup.outputs()) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> x = s.pre(), y = s.post();
    arma::Mat<T> mean = deltaw::first_columns(post_, s.columns());
    mean = y / static_cast<T>(s.columns());
    delta += mean * x.t();
    if (!is_oja_) return;
    power_ = arma::sum(mean % y, 1);
    const arma::Mat<T> w = s.weights();
    for (arma::uword j = 0; j < w.n_cols; ++j) delta.col(j) -= power_ % w.col(j);
  }

 private:
  bool is_oja_;
  arma::Mat<T> post_;
  arma::Col<T> power_;
};

// sanger: ΔW = <y xᵀ> - LT[<y yᵀ>] W, LT with the diagonal (Sanger 1989,
// doi:10.1016/0893-6080(89)90044-0); subspace: without LT (Oja 1989,
// doi:10.1142/S0129065789000475).
template <class T>
class Sanger {
 public:
  static constexpr auto id = "sanger";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post | deltaw::weights;

  explicit Sanger(const deltaw::Setup& setup)
      : is_ordered_(setup.text("variant") == "sanger"),
        post_(setup.outputs(), setup.max_columns()),
        products_(setup.outputs(), setup.outputs()) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> x = s.pre(), y = s.post();
    arma::Mat<T> mean = deltaw::first_columns(post_, s.columns());
    mean = y / static_cast<T>(s.columns());
    delta += mean * x.t();
    products_ = mean * y.t();
    if (is_ordered_) products_ = arma::trimatl(products_);
    delta -= products_ * s.weights();
  }

 private:
  bool is_ordered_;
  arma::Mat<T> post_, products_;
};

// ΔW = R E, E = Σ_t x(t) r(t-1)ᵀ; with a reward for each step ΔW = Σ_t R(t) x(t) r(t-1)ᵀ. It
// expects nothing, so that every reward of one sign strengthens or weakens all that is correlated.
template <class T>
class RewardHebbian {
 public:
  static constexpr auto id = "reward-hebbian";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::potential | deltaw::reward;
  static constexpr std::uint32_t grain = DELTAW_GRAIN_TRIAL;

  explicit RewardHebbian(const deltaw::Setup& setup)
      : rewarded_(setup.outputs(), setup.max_columns()) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> x = s.potential(), reward = s.reward();
    if (reward.n_elem == 1) {
      if (!std::isnan(reward[0])) delta += reward[0] * x * s.pre().t();
      return;
    }
    if (reward.n_elem != s.columns()) {
      throw deltaw::Unsupported("reward-hebbian needs one reward, or one for each step");
    }
    arma::Mat<T> rewarded = deltaw::first_columns(rewarded_, s.columns());
    for (arma::uword t = 0; t < x.n_cols; ++t) {
      const T r = std::isnan(reward[t]) ? T(0) : reward[t];
      const T* from = x.colptr(t);
      T* to = rewarded.colptr(t);
      for (arma::uword i = 0; i < x.n_rows; ++i) to[i] = r * from[i];
    }
    delta += rewarded * s.pre().t();
  }

 private:
  arma::Mat<T> rewarded_;
};

DELTAW_PLUGIN(Hebbian, Sanger, RewardHebbian)
