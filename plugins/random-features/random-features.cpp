// SPDX-License-Identifier: Apache-2.0
// The control: weights stay what the initialiser made them.
#include <deltaw/rule.hpp>

template <class T>
class RandomFeatures {
 public:
  static constexpr auto id = "random-features";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;

  explicit RandomFeatures(const deltaw::Setup& /*setup*/) {}

  // ΔW = 0
  void update(const deltaw::Signals<T>& /*s*/, arma::Mat<T>& /*delta*/) {}
};

DELTAW_PLUGIN(RandomFeatures)
