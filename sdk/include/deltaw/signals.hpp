// SPDX-License-Identifier: Apache-2.0
// The signals of one block, as Armadillo views. Rows are units, columns are observations.
#pragma once

#include <deltaw/abi.h>

#include <cstdint>
#include <deltaw/view.hpp>
#include <stdexcept>
#include <string>

namespace deltaw {

// What a rule may declare: `static constexpr auto signals = deltaw::pre | deltaw::post;`
inline constexpr std::uint64_t no_signals = 0;
inline constexpr std::uint64_t pre = DELTAW_SIGNAL_BIT(DELTAW_PRE);
inline constexpr std::uint64_t post = DELTAW_SIGNAL_BIT(DELTAW_POST);
inline constexpr std::uint64_t potential = DELTAW_SIGNAL_BIT(DELTAW_POTENTIAL);
inline constexpr std::uint64_t derivative = DELTAW_SIGNAL_BIT(DELTAW_DERIVATIVE);
inline constexpr std::uint64_t perturbation = DELTAW_SIGNAL_BIT(DELTAW_PERTURBATION);
inline constexpr std::uint64_t weights = DELTAW_SIGNAL_BIT(DELTAW_WEIGHTS);
inline constexpr std::uint64_t target = DELTAW_SIGNAL_BIT(DELTAW_TARGET);
inline constexpr std::uint64_t error = DELTAW_SIGNAL_BIT(DELTAW_ERROR);
inline constexpr std::uint64_t reward = DELTAW_SIGNAL_BIT(DELTAW_REWARD);
inline constexpr std::uint64_t baseline = DELTAW_SIGNAL_BIT(DELTAW_BASELINE);
inline constexpr std::uint64_t trial_kind = DELTAW_SIGNAL_BIT(DELTAW_TRIAL_KIND);
inline constexpr std::uint64_t spikes_pre = DELTAW_SIGNAL_BIT(DELTAW_SPIKES_PRE);
inline constexpr std::uint64_t spikes_post = DELTAW_SIGNAL_BIT(DELTAW_SPIKES_POST);
inline constexpr std::uint64_t learning_signal = DELTAW_SIGNAL_BIT(DELTAW_LEARNING_SIGNAL);
inline constexpr std::uint64_t weight_perturbation = DELTAW_SIGNAL_BIT(DELTAW_WEIGHT_PERTURBATION);
inline constexpr std::uint64_t delays = DELTAW_SIGNAL_BIT(DELTAW_DELAYS);

namespace detail {

// As manifests spell them.
inline const char* name_of_signal(std::uint32_t signal) {
  static constexpr const char* names[DELTAW_SIGNAL_COUNT] = {
      "pre",        "post",       "potential",   "derivative",      "perturbation",
      "weights",    "target",     "error",       "reward",          "baseline",
      "trial_kind", "spikes.pre", "spikes.post", "learning_signal", "weight_perturbation",
      "delays"};
  return signal < DELTAW_SIGNAL_COUNT ? names[signal] : "unknown";
}

}  // namespace detail

// Each accessor returns a view (no copy) and throws std::logic_error for an undeclared signal.
template <class T>
class Signals {
 public:
  explicit Signals(const deltaw_block& block) : block_(block) {}

  [[nodiscard]] const arma::Mat<T> pre() const { return get<T>(DELTAW_PRE); }
  [[nodiscard]] const arma::Mat<T> post() const { return get<T>(DELTAW_POST); }
  [[nodiscard]] const arma::Mat<T> potential() const { return get<T>(DELTAW_POTENTIAL); }
  [[nodiscard]] const arma::Mat<T> derivative() const { return get<T>(DELTAW_DERIVATIVE); }
  [[nodiscard]] const arma::Mat<T> perturbation() const { return get<T>(DELTAW_PERTURBATION); }
  [[nodiscard]] const arma::Mat<T> weights() const { return get<T>(DELTAW_WEIGHTS); }
  [[nodiscard]] const arma::Mat<T> target() const { return get<T>(DELTAW_TARGET); }
  [[nodiscard]] const arma::Mat<T> error() const { return get<T>(DELTAW_ERROR); }
  [[nodiscard]] const arma::Mat<T> reward() const { return get<T>(DELTAW_REWARD); }
  [[nodiscard]] const arma::Mat<T> baseline() const { return get<T>(DELTAW_BASELINE); }
  [[nodiscard]] std::uint32_t trial_kind() const { return get<arma::u32>(DELTAW_TRIAL_KIND)[0]; }
  [[nodiscard]] const arma::Mat<arma::u32> spikes_pre() const {
    return get<arma::u32>(DELTAW_SPIKES_PRE);
  }
  [[nodiscard]] const arma::Mat<arma::u32> spikes_post() const {
    return get<arma::u32>(DELTAW_SPIKES_POST);
  }
  [[nodiscard]] const arma::Mat<T> learning_signal() const {
    return get<T>(DELTAW_LEARNING_SIGNAL);
  }
  [[nodiscard]] const arma::Mat<T> weight_perturbation() const {
    return get<T>(DELTAW_WEIGHT_PERTURBATION);
  }

  // Whether synapses have delays of their own.
  [[nodiscard]] bool has_delays() const {
    return block_.n_signals > DELTAW_DELAYS && block_.signals[DELTAW_DELAYS] != nullptr;
  }
  [[nodiscard]] const arma::Mat<arma::u8> delays() const { return get<arma::u8>(DELTAW_DELAYS); }

  [[nodiscard]] arma::uword columns() const { return block_.columns; }  // observations, K
  [[nodiscard]] std::uint64_t index() const { return block_.index; }    // of the update, from 0
  [[nodiscard]] std::uint64_t step() const { return block_.step; }      // of the first column
  [[nodiscard]] double dt() const { return block_.dt; }                 // ms; 0 without time
  [[nodiscard]] const deltaw_block& block() const { return block_; }

 private:
  template <class U>
  const arma::Mat<U> get(std::uint32_t signal) const {
    if (signal >= block_.n_signals || block_.signals[signal] == nullptr) {
      throw std::logic_error(
          std::string("signal '") + detail::name_of_signal(signal) +
          "' is used but not declared in `signals`, or, in observe(), not known yet");
    }
    return view<U>(*block_.signals[signal]);
  }

  const deltaw_block& block_;
};

}  // namespace deltaw
