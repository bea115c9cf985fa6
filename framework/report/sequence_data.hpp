// SPDX-License-Identifier: Apache-2.0
// What the page shows of a sequence of contexts, read from a result folder alone. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/folder.hpp"

namespace deltaw {

// {contexts, rules: [{rule, seeds, matrix: [[...]], epoch: [...], courses: [[{low, median, high},
//  ...], ...]}]: the mean accuracy of each context over finished runs, a row before training and
//  one after each context; and of each context quartiles over runs, a point for each row of curves
//  that all share,
//  frontier: [{rule, family, plasticity, seed, learning_accuracy, forgetting}]: every finished run}
// of the rules in that order; null where no run learnt a sequence. Error: E603.
[[nodiscard]] nlohmann::json sequence_data(const ResultFolder& folder,
                                           const std::vector<std::string>& rules,
                                           const std::vector<RunRecord>& records);

}  // namespace deltaw
