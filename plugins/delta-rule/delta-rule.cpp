// SPDX-License-Identifier: Apache-2.0
// The delta rule: each output unit follows its own error (Widrow and Hoff 1960).
#include <deltaw/rule.hpp>

template <class T>
class DeltaRule {
 public:
  static constexpr auto id = "delta-rule";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::error;

  explicit DeltaRule(const deltaw::Setup& setup) : error_(setup.outputs(), setup.max_columns()) {}

  // ΔW = < (target - post) preᵀ >, the mean over the block.
  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    arma::Mat<T> mean = deltaw::first_columns(error_, s.columns());
    mean = s.error() / static_cast<T>(s.columns());
    delta += mean * s.pre().t();
  }

 private:
  arma::Mat<T> error_;
};

DELTAW_PLUGIN(DeltaRule)
