// SPDX-License-Identifier: Apache-2.0
// Equilibrium propagation: what a synapse's two units do together once the output is nudged
// towards its target, less what they did before (Scellier and Bengio 2017,
// doi:10.3389/fncom.2017.00024). Nudged both ways its error is of the order of beta² (Laborieux et
// al. 2021, doi:10.3389/fnins.2021.633674).
#include <deltaw/rule.hpp>

template <class T>
class EquilibriumPropagation {
 public:
  static constexpr auto id = "equilibrium-propagation";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post;

  explicit EquilibriumPropagation(const deltaw::Setup& setup)
      : between_(static_cast<T>((setup.boolean("symmetric") ? 2 : 1) * setup.number("beta"))),
        scaled_(setup.outputs(), setup.max_columns()),
        first_(setup.outputs(), setup.inputs()) {}

  // The first phase: free, or nudged away from the target.
  void observe(const deltaw::Signals<T>& s) { add(s, -1, first_); }

  // ΔW = (<post preᵀ> nudged - <post preᵀ> first) / (what lies between the two in beta).
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    add(s, 1, delta);
    delta += first_;
    first_.zeros();
  }

 private:
  void add(const deltaw::Signals<T>& s, T sign, arma::Mat<T>& to) {
    arma::Mat<T> scaled = deltaw::first_columns(scaled_, s.columns());
    scaled = s.post() * (sign / (between_ * static_cast<T>(s.columns())));
    to += scaled * s.pre().t();
  }

  T between_;
  arma::Mat<T> scaled_, first_;
};

DELTAW_PLUGIN(EquilibriumPropagation)
