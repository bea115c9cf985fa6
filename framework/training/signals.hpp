// SPDX-License-Identifier: Apache-2.0
// The signals of one connection: exactly those that a rule declared, computed and shown as the
// ABI's matrices. Where all places of an image share the weights, each place of each sample is an
// observation of its own: pre is the square that the kernel sees there, post has a row a filter.
// One thread a run.
#pragma once

#include <deltaw/abi.h>

#include <array>
#include <cstdint>

#include "plugin/rule_spec.hpp"
#include "training/presentation.hpp"

namespace deltaw {

// Whether a rule is shown the perturbed pass.
[[nodiscard]] bool sees_exploration(const RuleSpec& rule);
// Whether it is told what is right, or how far it is from it; or how good it was.
[[nodiscard]] bool is_taught(const RuleSpec& rule);
[[nodiscard]] bool is_rewarded(const RuleSpec& rule);

template <class T>
class ConnectionSignals {
 public:
  // Errors: E206 when the rule declares a signal that this connection does not have: target or
  // error away from the output, perturbation without exploration, spikes; in a static network also
  // reward without exploration (it would tell nothing) and trials; without a loss, all that is
  // told of it; of units with gates all but weights and what is told of the outcome.
  // Asks for noise on the weights when the rule declares weight_perturbation, and else on the
  // target layer's units when it sees exploration. Only (weight_)perturbation shows the noise.
  ConnectionSignals(const RuleSpec& rule, std::size_t connection, const Network<T>& network,
                    Presentation<T>& presentation, std::uint64_t seed);

  // Whether the columns of a trial can be shown before all of them are there: not signals that are
  // computed from all.
  [[nodiscard]] bool has_pieces() const;
  [[nodiscard]] const ConstraintSpec& constraint() const {
    return network_.graph().connections[connection_].constraint;
  }
  // Columns that the rule is shown of so many observations.
  [[nodiscard]] std::size_t columns(std::size_t observations) const {
    return observations * positions_;
  }
  // Adds the layers (one flag each) whose activity the declared signals show.
  void add_shown(std::vector<bool>& layers) const;
  // The signals of these columns of the present block, valid until the next call; without rewards
  // where the outcome is not known yet.
  [[nodiscard]] const deltaw_matrix* const* collect(const Window& part, bool is_rewarded);

 private:
  void ask_for_noise(const RuleSpec& rule);
  void make_room_for_places(const Graph::Connection& c, std::size_t columns);
  [[nodiscard]] deltaw_matrix matrix(std::uint32_t signal);
  [[nodiscard]] deltaw_matrix pre(const Activity<T>& activity);
  // The same numbers with a column for each place, or each number once for each place.
  [[nodiscard]] deltaw_matrix by_place(const arma::Mat<T>& of_units) const;
  [[nodiscard]] deltaw_matrix at_every_place(const Buffer<T>& rewards, Buffer<T>& spread) const;
  // Target minus post of the output, 0 where it does not count: output units x K.
  [[nodiscard]] arma::Mat<T> output_error();

  std::uint64_t declared_;
  std::size_t connection_, target_, positions_;
  bool sees_exploration_;
  const Network<T>& network_;
  Presentation<T>& presentation_;
  Buffer<T> derivative_, error_, learning_signal_;
  Buffer<T> patches_;              // pre of a convolution, or of the bias of one
  Buffer<T> rewards_, baselines_;  // one a place
  Buffer<T> feedback_;             // units x outputs: how the output's error reaches each unit
  std::array<deltaw_matrix, DELTAW_SIGNAL_COUNT> matrices_{};
  std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> pointers_{};
};

extern template class ConnectionSignals<float>;
extern template class ConnectionSignals<double>;

}  // namespace deltaw
