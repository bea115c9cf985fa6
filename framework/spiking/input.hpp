// SPDX-License-Identifier: Apache-2.0
// Turns values into the spikes of a source of spikes, one presentation at a time. One thread an
// encoder; copies are independent.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/random.hpp"
#include "spiking/spec.hpp"
#include "spiking/spike_file.hpp"

namespace deltaw {

// "poisson"  each unit spikes in each step with probability value x rate x gain x dt, on its own,
//            drawn by the gaps between its spikes: a draw a spike, not a step
// "regular"  evenly spaced at value x rate x gain, from a phase drawn for each unit
// "latency"  one spike at (1 - value) x window, none for value 0 or where that is not shown
// "spikes"   those of the file that come before the end, whatever the values
// "current", "protocol"  none
// A spike at time t belongs to the step floor(t / dt), with 1e-3 steps to spare for rounding.
template <class T>
class Encoder {
 public:
  // REQUIRES: a spec that check_source() has passed. Errors: those of read_spikes().
  Encoder(const SourceSpec& spec, std::size_t units, double dt);

  // The spikes of a presentation of `show` ms: unit k draws from its own stream, keyed by (seed,
  // purpose, number, k). `values`: one a unit, 0 to 1. Errors: E205 another number of values, E403
  // a value outside 0 to 1, E515 more than a spike a step.
  void encode(std::span<const T> values, double gain, double show, std::uint64_t seed,
              std::string_view purpose, std::uint64_t number);

  [[nodiscard]] std::size_t steps() const { return steps_; }
  // Units that spike in this step of the presentation, ascending. REQUIRES: step < steps().
  [[nodiscard]] std::span<const std::uint32_t> at(std::size_t step) const {
    return std::span(units_).subspan(start_[step], start_[step + 1] - start_[step]);
  }

 private:
  void check(std::span<const T> values, double gain) const;
  void draw(std::uint32_t unit, double value, double gain, Random random);
  void add(std::uint32_t unit, double step);
  void sort();

  SourceSpec spec_;
  std::size_t n_;
  double dt_;
  std::uint64_t steps_ = 0;
  std::vector<StepSpike> file_;     // of "spikes"
  std::vector<StepSpike> drawn_;    // of this presentation, unit by unit or step by step
  std::vector<std::size_t> start_;  // of each step among units_, and the end
  std::vector<std::size_t> next_;   // room for sort()
  std::vector<std::uint32_t> units_;
};

extern template class Encoder<float>;
extern template class Encoder<double>;

}  // namespace deltaw
