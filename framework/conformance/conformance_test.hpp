// SPDX-License-Identifier: Apache-2.0
// The conformance tests: what a host may rely on in every plugin, one question each. Each runs code
// of the plugin, so that it belongs into a process of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "conformance/bench.hpp"
#include "conformance/verdict.hpp"

namespace deltaw {

struct ConformanceTest {
  std::string name;  // "read-only-inputs"
  std::string asks;  // "inputs lie in pages that cannot be written"
  std::function<Outcome(Bench&)> run;
  bool is_silent = false;  // it fails when anything was printed meanwhile
};

using ConformanceTests = std::vector<ConformanceTest>;

// The file and its table; what a rule leaves alone in its process.
[[nodiscard]] ConformanceTests library_tests();
// Parameters, within their ranges and beyond; calls of the ABI that a careful host does not make.
[[nodiscard]] ConformanceTests call_tests();
// Reset, preparation, saved state, threads, very many updates.
[[nodiscard]] ConformanceTests life_tests();
// Sizes, read-only memory, and numbers that nobody expects.
[[nodiscard]] ConformanceTests input_tests();
// A number of random rounds, or as many as go into `minutes` (0: the number).
[[nodiscard]] ConformanceTests fuzz_tests(double minutes);
// One for each case file's case. Errors: those of read_cases().
// Of the files beside the manifest, and of those of other implementations of the rule.
[[nodiscard]] ConformanceTests case_tests(const Manifest& manifest, const RuleSpec& rule,
                                          const std::vector<std::filesystem::path>& others);

}  // namespace deltaw
