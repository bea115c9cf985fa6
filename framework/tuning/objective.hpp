// SPDX-License-Identifier: Apache-2.0
// What trials are judged by: never anything of test data. Any thread.
#pragma once

#include <string>

#include "experiment/experiment.hpp"
#include "result/record.hpp"
#include "tuning/bracket.hpp"

namespace deltaw {

struct Objective {
  std::string metric;
  std::string tie = {};  // a second metric, for trials that the first does not tell apart; or none
  bool is_lower_better = false, is_lower_tie_better = true;
};

// What the experiment asks for, or by its task: trials_to_criterion (then the mean error) in
// trials, else the validation accuracy of the first readout, or of the networks (then the loss).
// Error: E503 for a metric of other data, or when some arm has nothing to be judged by.
[[nodiscard]] Objective objective_of(const Experiment& experiment);

// A run that did not finish, or has no finite value, is the worst there is; one that never met its
// criterion is better than that only by `tie`.
[[nodiscard]] Merit score_of(const Objective& objective, const RunRecord& record);

}  // namespace deltaw
