// SPDX-License-Identifier: Apache-2.0
// Node perturbation: noise ξ on each unit's potential, and whether it paid, estimate the gradient
// (Williams 1992, doi:10.1007/BF00992696; Fiete and Seung 2006, doi:10.1103/PhysRevLett.97.048104).
#include <algorithm>
#include <cmath>
#include <deltaw/rule.hpp>
#include <vector>

template <class T>
class NodePerturbation {
 public:
  static constexpr auto id = "node-perturbation";
  static constexpr auto version = "1.1.0";
  static constexpr auto signals =
      deltaw::pre | deltaw::perturbation | deltaw::reward | deltaw::baseline;

  explicit NodePerturbation(const deltaw::Setup& setup)
      : has_baseline_(setup.boolean("baseline")),
        is_normalised_(setup.boolean("normalise")),
        is_scaled_(setup.boolean("scale_by_expected")),
        power_(setup.outputs(), arma::fill::zeros),
        draws_(setup.outputs(), arma::fill::zeros),
        divisor_(setup.outputs()),
        squares_(setup.outputs()),
        advantage_(setup.max_columns()),
        gated_(setup.outputs(), setup.max_columns()),
        rows_(setup.inputs(), setup.outputs()) {
    events_.reserve(gated_.n_elem / sparseness);
  }

  // ΔW = (R - Rb) ξ preᵀ / σ²: the mean over observations, the sum over the steps of a trial.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> noise = s.perturbation();
    weigh(s);
    const bool is_sparse = find_events(noise);
    if (is_sparse) {
      measure_events(noise);
    } else {
      measure(noise);
    }
    require_noise(s.dt() > 0);
    for (arma::uword i = 0; i < divisor_.n_elem; ++i) {
      divisor_[i] = !is_normalised_ ? T(1) : draws_[i] < warm_up ? T(0) : power_[i];
    }
    if (is_sparse) {
      add_events(noise, s.pre(), delta);
    } else {
      add_all(noise, s.pre(), delta);
    }
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(power_, draws_, seen_);
  }

 private:
  static constexpr T warm_up = 8;                   // draws of a unit that only measure its noise
  static constexpr std::uint64_t patience = 10000;  // steps of trials before noise is missed
  static constexpr arma::uword sparseness = 16;  // with fewer draws than 1 in 16, visit them alone

  // How much each column's reward counts; nothing where none is given.
  void weigh(const deltaw::Signals<T>& s) {
    const arma::Mat<T> reward = s.reward(), baseline = s.baseline();
    const arma::uword columns = s.columns();
    const bool is_timed = s.dt() > 0;
    const bool is_one = is_timed && reward.n_elem == 1;
    if ((reward.n_elem != columns && !is_one) || baseline.n_elem != reward.n_elem) {
      throw deltaw::Unsupported(
          "node perturbation needs a reward for each observation, or one for a whole trial, and a "
          "baseline of the same shape");
    }
    const T share = is_timed ? T(1) : static_cast<T>(columns);
    for (arma::uword k = 0; k < columns; ++k) {
      const arma::uword from = is_one ? 0 : k;
      T advantage = has_baseline_ ? reward[from] - baseline[from] : reward[from];
      if (is_scaled_) advantage *= std::abs(baseline[from]);
      advantage_[k] = std::isnan(reward[from]) ? T(0) : advantage / share;
    }
  }

  // Lists what is not zero, by time; false when that is too much to be worth it.
  bool find_events(const arma::Mat<T>& noise) {
    events_.clear();
    const arma::uword limit = noise.n_elem / sparseness;
    const T* xi = noise.memptr();
    for (arma::uword first = 0; first < noise.n_elem; first += chunk) {
      const arma::uword count = std::min(chunk, noise.n_elem - first);
      if (count == chunk && is_quiet(xi + first)) continue;
      for (arma::uword k = first; k < first + count; ++k) {
        if (xi[k] == 0) continue;
        if (events_.size() == limit) return false;
        events_.push_back(k);
      }
    }
    return true;
  }
  static constexpr arma::uword chunk = 16;
  static bool is_quiet(const T* xi) {
    int draws = 0;
    for (arma::uword k = 0; k < chunk; ++k) draws += xi[k] != 0;
    return draws == 0;
  }

  // Each unit's own σ²: the mean square of its noise so far, zeros included.
  void measure(const arma::Mat<T>& noise) {
    const bool is_counting = draws_.min() < warm_up;
    for (arma::uword k = 0; k < noise.n_cols; ++k) {
      const T weight = 1 / static_cast<T>(++seen_);
      const T* xi = noise.colptr(k);
      for (arma::uword i = 0; i < noise.n_rows; ++i)
        power_[i] += (xi[i] * xi[i] - power_[i]) * weight;
      if (!is_counting) continue;
      for (arma::uword i = 0; i < noise.n_rows; ++i) draws_[i] += xi[i] != 0 ? T(1) : T(0);
    }
  }
  void measure_events(const arma::Mat<T>& noise) {
    squares_.zeros();
    for (const arma::uword e : events_) {
      squares_[e % noise.n_rows] += noise[e] * noise[e];
      draws_[e % noise.n_rows] += 1;
    }
    seen_ += noise.n_cols;
    power_ += (squares_ - static_cast<T>(noise.n_cols) * power_) / static_cast<T>(seen_);
  }
  void require_noise(bool is_timed) const {
    const bool is_enough = seen_ >= (is_timed ? patience : static_cast<std::uint64_t>(warm_up));
    if (is_enough && draws_.max() == 0) {
      throw deltaw::NumericError("no unit was perturbed: exploration needs an amplitude above 0");
    }
  }

  void add_all(const arma::Mat<T>& noise, const arma::Mat<T>& pre, arma::Mat<T>& delta) {
    arma::Mat<T> gated = deltaw::first_columns(gated_, noise.n_cols);
    for (arma::uword k = 0; k < noise.n_cols; ++k) {
      const T* xi = noise.colptr(k);
      T* out = gated.colptr(k);
      for (arma::uword i = 0; i < noise.n_rows; ++i) {
        out[i] = divisor_[i] > 0 ? advantage_[k] * xi[i] / divisor_[i] : T(0);
      }
    }
    delta += gated * pre.t();
  }

  // Each draw adds one column of pre to its unit's row, which is kept as a column on the way.
  void add_events(const arma::Mat<T>& noise, const arma::Mat<T>& pre, arma::Mat<T>& delta) {
    rows_.zeros();
    for (const arma::uword e : events_) {
      const arma::uword i = e % noise.n_rows, k = e / noise.n_rows;
      if (!(divisor_[i] > 0)) continue;
      const T weight = advantage_[k] * noise[e] / divisor_[i];
      const T* from = pre.colptr(k);
      T* to = rows_.colptr(i);
      for (arma::uword j = 0; j < pre.n_rows; ++j) to[j] += weight * from[j];
    }
    for (arma::uword j = 0; j < delta.n_cols; ++j) {
      T* to = delta.colptr(j);
      for (arma::uword i = 0; i < delta.n_rows; ++i) to[i] += rows_(j, i);
    }
  }

  bool has_baseline_, is_normalised_, is_scaled_;
  arma::Col<T> power_, draws_;  // of each unit: σ², how often it was perturbed
  arma::Col<T> divisor_, squares_, advantage_;
  arma::Mat<T> gated_, rows_;
  std::vector<arma::uword> events_;  // places in the block's noise
  std::uint64_t seen_ = 0;
};

DELTAW_PLUGIN(NodePerturbation)
