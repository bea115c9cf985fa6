// SPDX-License-Identifier: Apache-2.0
// Weight perturbation: all weights are changed a little at random, and kept as they are changed in
// the measure that it paid (Jabri and Flower 1992, doi:10.1109/72.105429).
#include <cmath>
#include <deltaw/rule.hpp>

template <class T>
class WeightPerturbation {
 public:
  static constexpr auto id = "weight-perturbation";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::weight_perturbation | deltaw::reward | deltaw::baseline;

  explicit WeightPerturbation(const deltaw::Setup&) {}

  // ΔW = (<R> - <Rb>) ξ / σ².
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> noise = s.weight_perturbation();
    const double advantage = mean_advantage(s.reward(), s.baseline());
    measure(noise);
    if (draws_ < warm_up) return;
    delta += static_cast<T>(advantage / power_) * noise;
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(power_, draws_);
  }

 private:
  static constexpr std::uint64_t warm_up = 8;  // draws that only measure the noise

  // Over the columns where a reward is given; 0 where there is none.
  static double mean_advantage(const arma::Mat<T>& reward, const arma::Mat<T>& baseline) {
    if (baseline.n_elem != reward.n_elem) {
      throw deltaw::Unsupported("weight perturbation needs a baseline of the reward's shape");
    }
    double sum = 0;
    arma::uword count = 0;
    for (arma::uword k = 0; k < reward.n_elem; ++k) {
      if (std::isnan(reward[k])) continue;
      sum += static_cast<double>(reward[k]) - static_cast<double>(baseline[k]);
      ++count;
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
  }

  // σ²: the mean square of all noise so far. A synapse that is not there has none.
  void measure(const arma::Mat<T>& noise) {
    double sum = 0;
    std::uint64_t count = 0;
    for (const T xi : noise) {
      sum += static_cast<double>(xi) * static_cast<double>(xi);
      count += xi != 0 ? 1 : 0;
    }
    draws_ += count;
    if (draws_ == 0) {
      throw deltaw::NumericError(
          "no weight was perturbed: exploration of weights needs an amplitude above 0");
    }
    power_ += (sum - static_cast<double>(count) * power_) / static_cast<double>(draws_);
  }

  double power_ = 0;
  std::uint64_t draws_ = 0;
};

DELTAW_PLUGIN(WeightPerturbation)
