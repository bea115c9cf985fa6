// SPDX-License-Identifier: Apache-2.0
// The fluctuation of a unit in a step that was better than expected is worth repeating (Legenstein
// et al. 2010, doi:10.1523/JNEUROSCI.4284-09.2010; Hoerzer et al. 2014, doi:10.1093/cercor/bhs348).
#include <algorithm>
#include <cmath>
#include <deltaw/rule.hpp>

template <class T>
class ExploratoryHebbian {
 public:
  static constexpr auto id = "exploratory-hebbian";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::potential | deltaw::reward;
  static constexpr std::uint32_t grain = DELTAW_GRAIN_TRIAL;

  explicit ExploratoryHebbian(const deltaw::Setup& setup)
      : keep_(static_cast<T>(setup.number("mean"))),
        take_(static_cast<T>(1 - setup.number("mean"))),
        is_binary_(setup.text("gate") == "binary"),
        mean_(setup.outputs(), arma::fill::zeros),
        fluctuation_(setup.outputs(), setup.max_columns()),
        activity_(setup.inputs(), setup.max_columns()) {}

  // ΔW = Σ_t M(t) (x(t) - x̄) r(t-1)ᵀ over the steps with a reward.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    has_expected_ = false;
    add_steps(s, delta);
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(mean_);
  }

 private:
  // The steps with a reward are gathered, so that the product is no wider than they are many.
  void add_steps(const deltaw::Signals<T>& s, arma::Mat<T>& out) {
    const arma::Mat<T> r = s.pre(), x = s.potential(), reward = s.reward();
    if (reward.n_elem != s.columns()) {
      throw deltaw::Unsupported(
          "exploratory-hebbian needs a reward for each step: \"reward\": \"instantaneous\" under "
          "\"training\"");
    }
    arma::uword rewarded = 0;
    for (arma::uword t = 0; t < x.n_cols; ++t) {
      if (std::isnan(reward[t])) {
        follow(x.colptr(t));
        continue;
      }
      const T advantage = surprise(reward[t]);
      const T modulator = is_binary_ ? static_cast<T>(advantage > 0) : advantage;
      fluctuate(x.colptr(t), fluctuation_.colptr(rewarded), modulator);
      std::copy_n(r.colptr(t), r.n_rows, activity_.colptr(rewarded));
      ++rewarded;
    }
    if (rewarded == 0) return;
    out += deltaw::first_columns(fluctuation_, rewarded) *
           deltaw::first_columns(activity_, rewarded).t();
  }

  // How much better a reward is than the running mean of those before it in this trial.
  T surprise(T reward) {
    if (!has_expected_) expected_ = reward;
    has_expected_ = true;
    const T difference = reward - expected_;
    expected_ = keep_ * expected_ + take_ * reward;
    return difference;
  }

  // The difference comes before x̄ moves: afterwards only `mean` of it is left.
  void fluctuate(const T* x, T* out, T modulator) {
    T* mean = mean_.memptr();
    for (arma::uword i = 0; i < mean_.n_elem; ++i) {
      out[i] = modulator * (x[i] - mean[i]);
      mean[i] = keep_ * mean[i] + take_ * x[i];
    }
  }
  void follow(const T* x) {
    T* mean = mean_.memptr();
    for (arma::uword i = 0; i < mean_.n_elem; ++i) mean[i] = keep_ * mean[i] + take_ * x[i];
  }

  T keep_, take_;
  bool is_binary_;
  T expected_ = 0;  // R̄: begins anew with each trial's first reward
  bool has_expected_ = false;
  arma::Col<T> mean_;                    // x̄: goes on from trial to trial
  arma::Mat<T> fluctuation_, activity_;  // of the rewarded steps
};

DELTAW_PLUGIN(ExploratoryHebbian)
