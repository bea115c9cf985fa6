// SPDX-License-Identifier: Apache-2.0
// The signals of one connection of a static network: exactly those that a rule declared, computed
// and shown as the ABI's matrices. One thread a run.
#pragma once

#include <deltaw/abi.h>

#include <array>
#include <cstdint>

#include "plugin/rule_spec.hpp"
#include "training/presentation.hpp"

namespace deltaw {

template <class T>
class ConnectionSignals {
 public:
  // Errors: E206 when the rule declares a signal that this connection does not have: target or
  // error away from the output, perturbation or reward without exploration, trials, spikes.
  // Asks the presentation to perturb the target layer when the rule declares perturbation, reward
  // or baseline: a reward without exploration tells nothing. Only perturbation shows the noise.
  ConnectionSignals(const RuleSpec& rule, std::size_t connection, const Network<T>& network,
                    Presentation<T>& presentation);

  // The signals of the present batch, valid until the next call.
  [[nodiscard]] const deltaw_matrix* const* collect();

 private:
  [[nodiscard]] deltaw_matrix matrix(std::uint32_t signal);

  std::uint64_t declared_;
  std::size_t connection_, target_;
  bool sees_exploration_;
  const Network<T>& network_;
  const Presentation<T>& presentation_;
  Buffer<T> derivative_, error_;
  std::array<deltaw_matrix, DELTAW_SIGNAL_COUNT> matrices_{};
  std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> pointers_{};
};

extern template class ConnectionSignals<float>;
extern template class ConnectionSignals<double>;

}  // namespace deltaw
