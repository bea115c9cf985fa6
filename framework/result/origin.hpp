// SPDX-License-Identifier: Apache-2.0
// Whether results come from the same: experiment, program, rules, data and machine. Pure functions:
// any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace deltaw {

// Where two documents differ first.
struct Discrepancy {
  std::string place;         // "/training/batch"
  std::string before, here;  // the value, shortened; "nothing" where there is none
};

// Of two experiment.json. How many runs go at a time changes no bit, and is no difference.
[[nodiscard]] std::optional<Discrepancy> difference_of_experiments(nlohmann::json before,
                                                                   nlohmann::json here);

// Whether, of two experiment.json, `here` has all seeds of `before`, and others.
[[nodiscard]] bool adds_seeds(const nlohmann::json& before, const nlohmann::json& here);

// Of two provenance.json: program, rules and data; with `has_machine` also BLAS and processor, on
// which bits depend. They may throw nlohmann's exceptions where a document lacks what deltaw
// writes.
[[nodiscard]] std::optional<Discrepancy> difference_of_origins(const nlohmann::json& before,
                                                               const nlohmann::json& here,
                                                               bool has_machine);

}  // namespace deltaw
