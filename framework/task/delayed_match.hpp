// SPDX-License-Identifier: Apache-2.0
// Delayed nonmatch-to-sample, and match: two stimuli with a delay between them; were they the same?
// Times as in Miconi 2017 (doi:10.7554/eLife.20899). Pure functions: any thread.
#pragma once

#include "task/trial.hpp"

namespace deltaw {

// All times in milliseconds; a step is dt long. The defaults are the paper's program.
struct DelayedMatchSpec {
  double dt = 1;
  double first_on = 1, first_off = 201;  // first stimulus
  double second_on = 400, second_off = 600;
  double response_on = 800, duration = 1000;  // the response lasts until the trial ends
  bool is_nonmatch = true;  // +target where the stimuli differ, -target where they are the same
  double target = 0.98;
  bool is_cyclic = true;  // kinds AA, AB, BA, BB in turn; else drawn
};

// Two channels, one for each stimulus; kinds 0 AA, 1 AB, 2 BA, 3 BB.
class DelayedMatch {
 public:
  static constexpr std::size_t channels = 2, outputs = 1, kinds = 4;

  // Errors: E503 for times out of order, a dt that does not divide them, or no response window.
  explicit DelayedMatch(const DelayedMatchSpec& spec);

  [[nodiscard]] std::size_t steps() const { return steps_; }
  // Trial `index` of a run with this seed: a function of both alone.
  template <class T>
  [[nodiscard]] Trial<T> trial(std::uint64_t seed, std::uint64_t index) const;
  // A trial of that kind. REQUIRES: kind < kinds.
  template <class T>
  [[nodiscard]] Trial<T> of_kind(std::uint32_t kind) const;

 private:
  DelayedMatchSpec spec_;
  Window first_, second_, response_;
  std::size_t steps_;
};

}  // namespace deltaw
