// SPDX-License-Identifier: Apache-2.0
// The tiny experiments of the matrix of rules, dynamics and tasks. Pure functions: any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plugin/rule_spec.hpp"

namespace deltaw {

// "classes", "images" (the same through a convolution), "sequences" (row by row through units with
// gates), "features" (without a teacher), and the tasks in trials.
[[nodiscard]] std::vector<std::string> matrix_tasks();

// Experiments in which the rule drives all plastic connections, with all that an experiment can
// offer to rules of such dynamics: noise on units and weights, bounds. Where rules differ in what
// they want (a hidden layer, a reward of another form), one experiment for each, the commonest
// first; none where networks of these dynamics lack the layers.
[[nodiscard]] std::vector<nlohmann::json> matrix_experiments(const RuleSpec& rule,
                                                             Dynamics dynamics,
                                                             const std::string& task);

}  // namespace deltaw
