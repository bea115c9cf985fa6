// SPDX-License-Identifier: Apache-2.0
// Pattern generation: a sum of sines to be produced with no input that tells the time. Immutable:
// any thread.
#pragma once

#include "task/trial_task.hpp"

namespace deltaw {

// One channel, one output, one kind.
class SineSum : public TrialTask {
 public:
  // Errors: E503 for times out of range or that dt does not divide, no response window, as many
  // amplitudes as not frequencies, a frequency that is not above 0 and below 500 / dt Hz (Nyquist),
  // a peak that is not above 0, or a sum that is 0 throughout.
  explicit SineSum(const TrialTaskSpec& spec);

 private:
  SineSum(const TrialTaskSpec& spec, Window response);
  [[nodiscard]] Trial make(std::uint32_t kind, std::size_t context, Random& random) const override;

  Trial trial_;
};

}  // namespace deltaw
