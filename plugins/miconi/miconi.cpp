// SPDX-License-Identifier: Apache-2.0
// Each synapse sums supralinear fluctuations of its unit over a trial; the reward at its end says
// whether they paid (Miconi 2017, doi:10.7554/eLife.20899).
#include <algorithm>
#include <cmath>
#include <deltaw/rule.hpp>

template <class T>
class Miconi {
 public:
  static constexpr auto id = "miconi";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals =
      deltaw::pre | deltaw::potential | deltaw::reward | deltaw::baseline;
  static constexpr std::uint32_t grain = DELTAW_GRAIN_TRIAL;

  explicit Miconi(const deltaw::Setup& setup)
      : keep_(static_cast<T>(setup.number("mean"))),
        take_(static_cast<T>(1 - setup.number("mean"))),
        exponent_(setup.number("exponent")),
        skip_(static_cast<arma::uword>(setup.integer("skip"))),
        is_scaled_(setup.boolean("scale_by_expected")),
        mean_(setup.outputs(), arma::fill::zeros),
        trace_(setup.outputs(), setup.inputs(), arma::fill::zeros),
        fluctuation_(setup.outputs(), setup.max_columns()),
        activity_(setup.inputs(), setup.max_columns()) {}

  void observe(const deltaw::Signals<T>& s) {
    begin(s);
    add_trace(s, 1, trace_);
    has_trace_ = true;
  }

  // ΔW = |Rb| (R - Rb) E.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> reward = s.reward(), baseline = s.baseline();
    if (reward.n_elem != 1 || baseline.n_elem != 1) {
      throw deltaw::Unsupported(
          "miconi needs one reward for the whole trial: \"reward\": \"delayed\" under "
          "\"training\"");
    }
    const T expected = baseline[0], advantage = reward[0] - expected;
    const T factor = is_scaled_ ? std::abs(expected) * advantage : advantage;
    begin(s);
    if (has_trace_) delta += factor * trace_;
    add_trace(s, factor, delta);
    discard();
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(mean_);
  }

 private:
  // A trial that begins leaves nothing of one that was broken off.
  void begin(const deltaw::Signals<T>& s) {
    if (s.step() == 0) discard();
  }
  void discard() {
    if (has_trace_) trace_.zeros();
    has_trace_ = false;
  }

  // S(z) = sign(z) |z|^exponent, as a function that f can inline.
  template <class F>
  void with_shape(F f) const {
    if (exponent_ == 1) {
      f([](T z) { return z; });
    } else if (exponent_ == 2) {
      f([](T z) { return z * std::abs(z); });
    } else if (exponent_ == 3) {
      f([](T z) { return z * z * z; });
    } else if (exponent_ == 0.5) {
      f([](T z) { return std::copysign(std::sqrt(std::abs(z)), z); });
    } else {
      const T p = static_cast<T>(exponent_);
      f([p](T z) { return std::copysign(std::pow(std::abs(z), p), z); });
    }
  }

  // out += factor Σ_t S(r(t-1)) S(d(t)) over the steps from `skip` on. S(r d) = S(r) S(d), so the
  // sum is one product of matrices.
  void add_trace(const deltaw::Signals<T>& s, T factor, arma::Mat<T>& out) {
    const arma::Mat<T> r = s.pre(), x = s.potential();
    const arma::uword columns = s.columns(), begun = s.step();
    const arma::uword first = skip_ > begun ? std::min(skip_ - begun, columns) : 0;
    for (arma::uword t = 0; t < first; ++t) follow(x.colptr(t));
    if (first == columns) return;
    arma::Mat<T> d = deltaw::first_columns(fluctuation_, columns - first);
    arma::Mat<T> a = deltaw::first_columns(activity_, columns - first);
    with_shape([&](auto shape) {
      for (arma::uword t = first; t < columns; ++t) {
        fluctuate(x.colptr(t), d.colptr(t - first), shape);
      }
      const T* from = r.colptr(first);
      T* to = a.memptr();
      for (arma::uword k = 0; k < a.n_elem; ++k) to[k] = shape(from[k]);
    });
    out += factor * d * a.t();
  }

  // d = x - x̄ comes before x̄ moves: afterwards only `mean` of it is left.
  template <class Shape>
  void fluctuate(const T* x, T* d, Shape shape) {
    T* mean = mean_.memptr();
    for (arma::uword i = 0; i < mean_.n_elem; ++i) {
      d[i] = shape(x[i] - mean[i]);
      mean[i] = keep_ * mean[i] + take_ * x[i];
    }
  }
  void follow(const T* x) {
    T* mean = mean_.memptr();
    for (arma::uword i = 0; i < mean_.n_elem; ++i) mean[i] = keep_ * mean[i] + take_ * x[i];
  }

  T keep_, take_;
  double exponent_;
  arma::uword skip_;
  bool is_scaled_, has_trace_ = false;
  arma::Col<T> mean_;                    // x̄: goes on from trial to trial
  arma::Mat<T> trace_;                   // of the blocks before the last one
  arma::Mat<T> fluctuation_, activity_;  // S(d), S(r) of one block
};

DELTAW_PLUGIN(Miconi)
