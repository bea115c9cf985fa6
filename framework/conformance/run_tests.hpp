// SPDX-License-Identifier: Apache-2.0
// Runs the conformance tests of a rule, each in a process of its own with a limit of time. Call
// where no other thread runs.
#pragma once

#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "conformance/verdict.hpp"
#include "core/error.hpp"
#include "plugin/manifest.hpp"

namespace deltaw {

struct TestOptions {
  std::uint64_t seed = 1;
  std::optional<std::regex> only;  // of the names
  unsigned time_limit = 45;        // s of the processor, for each test
  bool is_in_process = false;      // here, for a debugger: a crash ends this process
  double fuzz_minutes = 0;         // 0: a number of rounds
  // Case files of other implementations of the rule, whatever they call it.
  std::vector<std::filesystem::path> cases = {};
};

struct TestResult {
  std::string name, asks;
  Outcome outcome;
  std::optional<Error> error;  // of one that failed or crashed: why the rule is refused
};

// In the order of the list. Errors: E700, E701 of its case files.
[[nodiscard]] std::vector<TestResult> run_tests(const Manifest& manifest, const RuleSpec& rule,
                                                const TestOptions& options);

}  // namespace deltaw
