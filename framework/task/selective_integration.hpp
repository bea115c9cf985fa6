// SPDX-License-Identifier: Apache-2.0
// Selective integration: two noisy streams of evidence, of which a context names the one to judge.
// Immutable: any thread.
#pragma once

#include "task/trial_task.hpp"

namespace deltaw {

// Four channels: evidence 1, evidence 2, context 1, context 2 (1 all through the trial for the
// attended stream, else 0); one output. Kinds 1+, 2+, 1-, 2-: attended stream and its sign; the
// other stream's sign is drawn. Both streams are silent outside the stimulus.
class SelectiveIntegration : public TrialTask {
 public:
  // Errors: E503 for times out of order, a dt that does not divide them, no response window, two
  // equal answers, or evidence that is not finite or of scale 0.
  explicit SelectiveIntegration(const TrialTaskSpec& spec);

 private:
  SelectiveIntegration(const TrialTaskSpec& spec, Window stimulus, Window response);
  [[nodiscard]] Trial make(std::uint32_t kind, std::size_t context, Random& random) const override;

  SelectiveIntegrationSpec spec_;
  Window stimulus_, response_;
};

}  // namespace deltaw
