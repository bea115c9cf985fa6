// ΔW = gain (R - Rb) Σ_t ξ(t) x(t)ᵀ: noise that paid is worth repeating (Fiete and Seung 2006,
// doi:10.1103/PhysRevLett.97.048104).
#include <deltaw/rule.hpp>

template <class T>
class MyRule {
 public:
  static constexpr auto id = "org.example.my-rule";
  static constexpr auto version = "0.1.0";
  static constexpr auto signals =
      deltaw::pre | deltaw::perturbation | deltaw::reward | deltaw::baseline;
  static constexpr std::uint32_t grain = DELTAW_GRAIN_TRIAL;

  explicit MyRule(const deltaw::Setup& setup) : gain_(static_cast<T>(setup.number("gain"))) {}

  // Replace this equation. Column t of a signal is step t; what arrives in step t is in pre.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    const arma::Mat<T> x = s.pre(), noise = s.perturbation(), reward = s.reward();
    if (reward.n_elem != 1) throw deltaw::Unsupported("my-rule needs one reward a trial");
    delta += gain_ * (reward[0] - s.baseline()[0]) * noise * x.t();
  }

 private:
  T gain_;
};

DELTAW_PLUGIN(MyRule)
