// SPDX-License-Identifier: Apache-2.0
// The runs of a tuning, given out one by one to the processes of a group.
#pragma once

#include <string>

#include "comparison/deal.hpp"
#include "tuning/tune.hpp"

namespace deltaw {

// Rank 0. As tune(), with the same findings; of the load it knows the wall time alone. Errors:
// those of deal().
WorkerLoad tune_over_ranks(Ranks& ranks, const CheckRank& check, const TuningPlan& plan,
                           const std::vector<TrialRecord>& done, const std::stop_token& stop,
                           const TuningListener& listener);

// Any other rank: makes each run that it is given.
void follow_tuning(Ranks& ranks, const std::string& told, const TuningPlan& plan, const Task& task,
                   Catalogue& catalogue);

}  // namespace deltaw
