// SPDX-License-Identifier: Apache-2.0
// A layer of leaky integrate and fire units, step by step. Blocks of units that are at rest cost
// nothing. One thread a layer.
#pragma once

#include <armadillo>
#include <cstdint>
#include <span>
#include <vector>

#include "core/state.hpp"
#include "core/team.hpp"
#include "spiking/aligned.hpp"
#include "spiking/leaky_kernels.hpp"
#include "spiking/spec.hpp"

namespace deltaw {

// A step is integrate(), then any number of arrivals, then reset().
//
// Rest: every 32 steps, inputs that have decayed below 1e-15 are set to 0, and a block of 64 units
// to exactly its resting value if all are within 1e-6 mV of it and have no input. It then sleeps
// until something arrives; for a unit exactly at rest a step changes no bit, so that bits do not
// depend on what sleeps. Where theta - offset may bring the threshold below rest no block sleeps.
template <class T>
class LeakyLayer {
 public:
  // REQUIRES: a spec that check_leaky() has passed.
  LeakyLayer(const LeakySpec& spec, std::size_t units, double dt);

  // Moves v, the inputs and theta by dt and lists the units that spike; many units at once are
  // shared out among the team, if there is one, to the same bits.
  void integrate(Team* team = nullptr);
  // What arrives is added to these, for each unit, after wake() or wake_all(); seen from the next
  // step on, or, where a synaptic tau is 0, by v in reset().
  [[nodiscard]] T* excitatory() { return e_.data(); }
  [[nodiscard]] T* inhibitory() { return i_.data(); }
  void wake(std::size_t unit) { is_awake_[unit / detail::k_block] = 1; }
  void wake_all();
  // A constant current into each unit, in mV, from the next step on.
  void set_current(std::span<const T> current);
  // Adds to v what arrived with tau 0, but where refractory, and resets the units that spiked.
  void reset();

  // Of the last step, ascending.
  [[nodiscard]] std::span<const std::uint32_t> spikes() const { return spikes_; }
  // Whether forward Euler was unstable for a unit in the last step.
  [[nodiscard]] bool is_unstable() const { return is_unstable_; }
  [[nodiscard]] std::size_t units() const { return units_; }
  [[nodiscard]] std::size_t blocks_awake() const;
  // Least number of steps from spike to spike.
  [[nodiscard]] std::int32_t refractory_steps() const { return refractory_; }

  [[nodiscard]] arma::Col<T> potential() const;         // mV
  [[nodiscard]] arma::Col<T> theta() const;             // mV
  [[nodiscard]] arma::Col<T> excitatory_input() const;  // units of the leak conductance, or mV
  [[nodiscard]] arma::Col<T> inhibitory_input() const;
  // While held, theta neither grows nor decays.
  void hold_theta(bool is_held) { is_held_ = is_held; }

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  void start_epoch();
  void decay_theta();
  // Of blocks that are awake. Returns whether forward Euler is unstable for a unit.
  bool advance(Range blocks);
  void list_spikes(std::size_t block);
  void settle();
  void settle_inputs(std::size_t block);
  [[nodiscard]] bool is_at_rest(std::size_t block) const;
  void add_jumps();

  std::size_t units_, blocks_;
  detail::Motion motion_;
  detail::LeakyStep<T> step_;
  double resting_;  // rest + current, mV
  T reset_;         // above it
  T theta_increment_;
  double theta_keep_, theta_scale_ = 1;
  bool adapts_, may_sleep_, jumps_e_, jumps_i_;
  bool is_held_ = false, is_unstable_ = false;
  std::int32_t refractory_;
  AlignedVector<T> x_, e_, i_, theta_, current_, factor_;  // current_: empty where all are 0
  AlignedVector<std::int32_t> free_at_;
  std::vector<std::uint8_t> is_awake_, crossed_;
  std::vector<std::uint32_t> spikes_;
};

extern template class LeakyLayer<float>;
extern template class LeakyLayer<double>;

}  // namespace deltaw
