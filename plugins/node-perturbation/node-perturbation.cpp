// SPDX-License-Identifier: Apache-2.0
// Node perturbation: noise ξ on each unit's potential, and whether it paid, estimate the gradient
// (Williams 1992, doi:10.1007/BF00992696; Fiete and Seung 2006, doi:10.1103/PhysRevLett.97.048104).
#include <deltaw/rule.hpp>

template <class T>
class NodePerturbation {
 public:
  static constexpr auto id = "node-perturbation";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals =
      deltaw::pre | deltaw::perturbation | deltaw::reward | deltaw::baseline;

  explicit NodePerturbation(const deltaw::Setup& setup)
      : has_baseline_(setup.boolean("baseline")),
        power_(setup.outputs(), arma::fill::zeros),
        gated_(setup.outputs(), setup.max_columns()) {}

  // ΔW = < (R - Rb) ξ preᵀ / σ² >, the mean over the block.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> noise = s.perturbation(), reward = s.reward(), baseline = s.baseline();
    const arma::uword columns = s.columns();
    if (reward.n_cols != columns) {
      throw deltaw::Unsupported("node perturbation needs a reward for each observation");
    }
    measure(noise);
    if (seen_ < warm_up) return;
    if (power_.max() == 0) {
      throw deltaw::NumericError("no unit was perturbed: exploration needs an amplitude above 0");
    }
    arma::Mat<T> gated = deltaw::first_columns(gated_, columns);
    for (arma::uword k = 0; k < columns; ++k) {
      const T advantage = (has_baseline_ ? reward[k] - baseline[k] : reward[k]) / T(columns);
      const T* xi = noise.colptr(k);
      T* out = gated.colptr(k);
      for (arma::uword i = 0; i < noise.n_rows; ++i) {
        out[i] = power_[i] > 0 ? advantage * xi[i] / power_[i] : T(0);
      }
    }
    delta += gated * s.pre().t();
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(power_, seen_);
  }

 private:
  static constexpr std::uint64_t warm_up = 8;  // observations that only measure the noise

  // Each unit's own σ²: the mean square of its noise so far.
  void measure(const arma::Mat<T>& noise) {
    for (arma::uword k = 0; k < noise.n_cols; ++k) {
      const T weight = 1 / static_cast<T>(++seen_);
      const T* xi = noise.colptr(k);
      for (arma::uword i = 0; i < noise.n_rows; ++i)
        power_[i] += (xi[i] * xi[i] - power_[i]) * weight;
    }
  }

  bool has_baseline_;
  arma::Col<T> power_;
  arma::Mat<T> gated_;
  std::uint64_t seen_ = 0;
};

DELTAW_PLUGIN(NodePerturbation)
