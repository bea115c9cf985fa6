// SPDX-License-Identifier: Apache-2.0
// Whether anything but its inputs reaches a rule: the same question, the same bits. One thread.
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

}  // namespace deltaw
