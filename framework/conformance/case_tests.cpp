// SPDX-License-Identifier: Apache-2.0
// Every case of the files beside the manifest, in each precision that the rule has.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "conformance/case_file.hpp"
#include "conformance/case_run.hpp"
#include "conformance/conformance_test.hpp"
#include "core/error.hpp"

namespace deltaw {
namespace {

Outcome in_each_precision(Bench& bench, const Case& given) {
  std::vector<std::string> within;
  for (const std::uint32_t dtype : {DELTAW_F32, DELTAW_F64}) {
    const std::uint64_t needed = dtype == DELTAW_F32 ? DELTAW_CAP_F32 : DELTAW_CAP_F64;
    if ((bench.rule().capabilities & needed) == 0) continue;
    const CaseOutcome outcome = run_case(bench.plugin(), bench.rule(), given, dtype);
    if (!outcome.holds) return {Verdict::failed, outcome.text};
    within.push_back(outcome.text);
  }
  return {Verdict::pass, fmt::format("{}", fmt::join(within, "; "))};
}

}  // namespace

ConformanceTests case_tests(const Manifest& manifest, const RuleSpec& rule) {
  ConformanceTests tests;
  for (const std::filesystem::path& file : case_files(manifest)) {
    try {
      for (const Case& given : read_cases({file}, rule)) {
        tests.push_back({"case " + given.name, "ΔW is what the case file expects",
                         [given](Bench& bench) { return in_each_precision(bench, given); }});
      }
    } catch (const Error& error) {  // as everything else that a rule lacks, beside all other tests
      tests.push_back({"cases of " + file.filename().string(), "the case file is one of this rule",
                       [error](Bench&) -> Outcome { throw Error(error); }});
    }
  }
  if (tests.empty()) {
    tests.push_back({"cases", "a case file says what ΔW should be", [](Bench&) {
                       return Outcome{Verdict::skipped, "no NAME.case.json beside the manifest"};
                     }});
  }
  return tests;
}

}  // namespace deltaw
