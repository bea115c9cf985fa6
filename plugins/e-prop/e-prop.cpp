// SPDX-License-Identifier: Apache-2.0
// Local supervised learning in time: an eligibility of what the synapse saw, and a learning signal
// for its unit (Bellec et al. 2020, doi:10.1038/s41467-020-17236-y; for rate units Murray 2019,
// doi:10.7554/eLife.43299).
#include <algorithm>
#include <deltaw/rule.hpp>

template <class T>
class EProp {
 public:
  static constexpr auto id = "e-prop";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::derivative | deltaw::learning_signal;

  explicit EProp(const deltaw::Setup& setup)
      : tau_(setup.number("tau")),
        epsilon_(setup.inputs()),
        gated_(setup.outputs(), setup.max_columns()),
        trace_(setup.inputs(), setup.max_columns()) {}

  // ΔW = Σ_t L(t) f'(x(t)) ε(t)ᵀ in time; <L f' preᵀ> in a static network.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> r = s.pre(), slope = s.derivative(), signal = s.learning_signal();
    const bool is_timed = s.dt() > 0;
    const T take = is_timed ? step_share(s.dt()) : T(1);
    const T scale = is_timed ? T(1) : 1 / static_cast<T>(s.columns());
    epsilon_.zeros();
    arma::uword used = 0;  // columns with a learning signal
    for (arma::uword t = 0; t < r.n_cols; ++t) {
      follow(r.colptr(t), take);
      const T* l = signal.colptr(t);
      if (std::all_of(l, l + signal.n_rows, [](T x) { return x == 0; })) continue;
      T* out = gated_.colptr(used);
      const T* f = slope.colptr(t);
      for (arma::uword i = 0; i < signal.n_rows; ++i) out[i] = scale * l[i] * f[i];
      std::copy(epsilon_.begin(), epsilon_.end(), trace_.colptr(used));
      ++used;
    }
    if (used == 0) return;
    delta += deltaw::first_columns(gated_, used) * deltaw::first_columns(trace_, used).t();
  }

 private:
  // a = dt / tau, that of an explicit Euler step.
  [[nodiscard]] T step_share(double dt) const {
    if (dt > tau_) {
      throw deltaw::Unsupported("e-prop needs a time constant of at least one step: \"tau\" >= dt");
    }
    return static_cast<T>(dt / tau_);
  }

  // ε(t) = (1 - a) ε(t-1) + a r(t-1).
  void follow(const T* r, T take) {
    const T keep = 1 - take;
    T* epsilon = epsilon_.memptr();
    for (arma::uword j = 0; j < epsilon_.n_elem; ++j) {
      epsilon[j] = keep * epsilon[j] + take * r[j];
    }
  }

  double tau_;
  arma::Col<T> epsilon_;
  arma::Mat<T> gated_, trace_;  // L f', ε at the steps with a learning signal
};

DELTAW_PLUGIN(EProp)
