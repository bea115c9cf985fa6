// SPDX-License-Identifier: Apache-2.0
// Delayed nonmatch-to-sample, and match: two stimuli with a delay between them; were they the same?
// One of them, or one after the other as contexts. Immutable: any thread.
#pragma once

#include <vector>

#include "task/trial_task.hpp"

namespace deltaw {

// Two channels, one for each stimulus, 1 while it is shown; one output; kinds AA, AB, BA, BB.
class DelayedMatch : public TrialTask {
 public:
  // Errors: E503 for times out of order, a dt that does not divide them, no response window, two
  // equal answers, contexts of another type or without a number of trials.
  explicit DelayedMatch(const TrialTaskSpec& spec);

 private:
  struct Timing {
    Window first, second, response;  // `second` as early as it comes
    std::size_t delays = 1;          // how many onsets of it there are, a step apart
  };
  DelayedMatch(const TrialTaskSpec& spec, const Timing& timing);
  [[nodiscard]] static Timing timing_of(const TrialTaskSpec& spec);
  [[nodiscard]] static std::vector<NamedWindow> windows_of(const Timing& timing);
  [[nodiscard]] static std::vector<std::string> contexts_of(const TrialTaskSpec& spec);
  [[nodiscard]] Trial make(std::uint32_t kind, std::size_t context, Random& random) const override;

  Timing timing_;
  Answers answers_;
  std::vector<bool> asks_nonmatch_;  // each context
};

}  // namespace deltaw
