// SPDX-License-Identifier: Apache-2.0
// What rules are judged by. Pure: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace deltaw {

// The metric that ranks rules, of a summary's "rules", "readouts" and "criterion": of tasks in
// trials the error in test trials; else the accuracy of the first readout; else the networks' own
// accuracy, or loss. Test data come before training data; "test_accuracy" where nothing is
// measured.
[[nodiscard]] std::string judged_metric(const nlohmann::json& summary);

// The margin of equivalence in that metric: the experiment's is in accuracy.
[[nodiscard]] std::optional<double> margin_in(const std::string& metric,
                                              const std::optional<double>& margin);

}  // namespace deltaw
