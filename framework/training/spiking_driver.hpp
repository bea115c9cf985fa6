// SPDX-License-Identifier: Apache-2.0
// A rule at work on one plastic connection between spiking layers: it is shown the spikes of a step
// and changes the weights in place. One thread a run.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rule/instance.hpp"
#include "spiking/network.hpp"
#include "training/drive.hpp"

namespace deltaw {

// Whether a rule's changes are made, or only added up for comparison.
enum class Role { drives, watches };

template <class T>
class SpikingDriver {
 public:
  // A rule that watches is never let change weights in place: its changes, at rate 1 and whatever
  // the bounds, add up in delta(). Errors: E203 dtype, E204 dynamics, grain or scope, E206 signals,
  // E503 an optimizer that is more than a rate, E510 unknown connection, E30x. It may ask for
  // rewards where there `are_rewards`.
  SpikingDriver(DriveSpec spec, const std::string& connection, SpikingNetwork<T>& network,
                std::uint64_t seed, Role role = Role::drives, bool are_rewards = false);
  SpikingDriver(const SpikingDriver&) = delete;
  SpikingDriver& operator=(const SpikingDriver&) = delete;

  // The learning rate of the steps that follow, for an epoch (fractions allowed) of all.
  void set_epoch(double epoch, double epochs);
  // Shows the spikes of the network's last step, if any.
  void learn();
  // Lets the rule work off what is due, before all weights are read; with the reward of what it was
  // shown, if it asks for one.
  void settle(std::optional<T> reward = {});

  [[nodiscard]] bool is_rewarded() const { return spec_.rule.declares(DELTAW_REWARD); }

  // The connection driven, of the network's.
  [[nodiscard]] std::size_t connection() const { return connection_; }
  // Of a rule that watches: what it proposed since clear_delta(), outputs x inputs.
  [[nodiscard]] const arma::Mat<T>& delta() const { return delta_; }
  void clear_delta() { delta_.zeros(); }

  [[nodiscard]] std::uint64_t updates() const { return updates_; }
  [[nodiscard]] std::vector<Monitored> monitored() const;
  [[nodiscard]] std::size_t state_bytes() const { return instance_.state_bytes(); }
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  void update();
  void apply_delta();
  static void list(std::span<const std::uint32_t> units, std::vector<std::uint32_t>& events);

  DriveSpec spec_;
  Role role_;
  SpikingNetwork<T>& network_;
  std::size_t connection_;
  RuleInstance instance_;
  arma::Mat<T> delta_;                            // of a rule that does not change weights in place
  std::vector<std::uint32_t> arrivals_, spikes_;  // (unit, 0) of each
  std::vector<deltaw_matrix> deltas_;
  deltaw_matrix matrices_[DELTAW_SIGNAL_COUNT] = {};
  const deltaw_matrix* signals_[DELTAW_SIGNAL_COUNT] = {};
  deltaw_block block_{};
  T reward_ = 0;
  std::uint64_t updates_ = 0;
  bool is_learning_ = true;  // in this epoch
};

extern template class SpikingDriver<float>;
extern template class SpikingDriver<double>;

}  // namespace deltaw
