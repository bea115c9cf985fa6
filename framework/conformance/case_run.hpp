// SPDX-License-Identifier: Apache-2.0
// A rule's answer to a case, beside what was expected. Runs code of the plugin; one thread.
#pragma once

#include <deltaw/abi.h>

#include <string>

#include "conformance/case_file.hpp"
#include "plugin/rule_spec.hpp"

namespace deltaw {

struct CaseOutcome {
  bool holds = false;
  double error = 0;  // largest |found - expected|, relative to the largest |expected|
  std::string text;  // "float64: within 1e-16 of the largest", or where and by how much it differs
};

// In one precision, DELTAW_F32 or DELTAW_F64. Errors: those of RuleInstance; E701 when the rule
// draws what the case does not have.
[[nodiscard]] CaseOutcome run_case(const deltaw_plugin& plugin, const RuleSpec& rule,
                                   const Case& given, std::uint32_t dtype);

}  // namespace deltaw
