// SPDX-License-Identifier: Apache-2.0
// Whether a rule keeps to the contract where its own answers tell: the same question, the same
// bits. One thread.
#pragma once

#include <string>
#include <vector>

#include "conformance/rule_probe.hpp"

namespace deltaw {

struct Finding {
  std::string name;
  bool holds = true;
  std::string detail;  // how it was found out, or what was found
};

// That nothing but its inputs reaches the rule: asked again, beside another instance, with other
// memory around its views. `expected` is what it answered to `stimulus` alone.
[[nodiscard]] std::vector<Finding> isolation(const ProbedRule& probed, const Scene& scene,
                                             const Stimulus& stimulus, const Response& expected);
// That reset(), another prepare() and saved state do what the contract says, and connections of
// other sizes are taken or refused.
[[nodiscard]] std::vector<Finding> conduct(const ProbedRule& probed, const Scene& scene,
                                           const Stimulus& stimulus, const Response& expected);

}  // namespace deltaw
