// SPDX-License-Identifier: Apache-2.0
// What the page shows of tasks in trials beside what it shows of every task, read from a result
// folder alone. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/folder.hpp"

namespace deltaw {

// {errors: [{rule, trial, runs, low, median, high: [...]}]: quartiles over finished runs of the
// mean
//  error in up to 100 bins of trials, `trial` being the last of each,
//  alignment: [{rule, trial, runs, low, median, high}]: the same of the watched rows,
//  runs: [{rule, seed, alignment, time, is_reached}]: the mean alignment of a finished run and its
//  trials to criterion, or all its trials,
//  rho: [{rule or null for all, rho or null, runs}]: Spearman's of the two, where a run that did
//  not reach the criterion ranks after every one that did, analyses: [...]: analysis_data() of the
//  first analysed run of each rule}
// of the rules in that order; what no finished run left is empty. Error: E603.
[[nodiscard]] nlohmann::json trial_data(const ResultFolder& folder,
                                        const std::vector<std::string>& rules,
                                        const std::vector<RunRecord>& records);

}  // namespace deltaw
