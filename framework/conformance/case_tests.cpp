// SPDX-License-Identifier: Apache-2.0
// Every case of the files beside the manifest, and of others' files, in each precision that the
// rule has.
#include <fmt/format.h>

#include <algorithm>
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

void add_case(ConformanceTests& tests, const std::string& name, const Case& given) {
  tests.push_back({"case " + name, "ΔW is what the case file expects",
                   [given](Bench& bench) { return in_each_precision(bench, given); }});
}

// Instead of its cases, beside all other tests.
void add_refused(ConformanceTests& tests, const std::filesystem::path& file, const Error& error) {
  tests.push_back({"cases of " + file.filename().string(), "the case file is one of this rule",
                   [error](Bench&) -> Outcome { throw Error(error); }});
}

void add_others(ConformanceTests& tests, const std::filesystem::path& file, const RuleSpec& rule) {
  const std::vector<OthersCase> cases = read_others_cases(file, rule);
  const auto is_lacking = [](const OthersCase& other) { return !other.given; };
  if (std::ranges::all_of(cases, is_lacking)) {
    throw Error(Code::E701, fmt::format("no case of '{}' is one of this rule", file.string()),
                {.found = cases.empty() ? "no cases" : cases.front().lacking});
  }
  for (const OthersCase& other : cases) {
    const std::string name = fmt::format("{} of {}", other.name, file.filename().string());
    if (other.given) {
      add_case(tests, name, *other.given);
    } else {
      tests.push_back(
          {"case " + name, "ΔW is what the case file expects", [why = other.lacking](Bench&) {
             return Outcome{Verdict::skipped, why};
           }});
    }
  }
}

}  // namespace

ConformanceTests case_tests(const Manifest& manifest, const RuleSpec& rule,
                            const std::vector<std::filesystem::path>& others) {
  ConformanceTests tests;
  for (const std::filesystem::path& file : case_files(manifest)) {
    try {
      for (const Case& given : read_cases({file}, rule)) add_case(tests, given.name, given);
    } catch (const Error& error) {
      add_refused(tests, file, error);
    }
  }
  for (const std::filesystem::path& file : others) {
    try {
      add_others(tests, file, rule);
    } catch (const Error& error) {
      add_refused(tests, file, error);
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
