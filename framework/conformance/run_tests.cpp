// SPDX-License-Identifier: Apache-2.0
// The list of tests, children, and verdicts.
#include "conformance/run_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "conformance/conformance_test.hpp"
#include "core/child.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

ConformanceTests all_tests(const Manifest& manifest, const RuleSpec& rule,
                           const TestOptions& options) {
  ConformanceTests all = library_tests();
  for (ConformanceTests tests :
       {call_tests(), life_tests(), input_tests(), fuzz_tests(options.fuzz_minutes),
        case_tests(manifest, rule, options.cases)}) {
    std::ranges::move(tests, std::back_inserter(all));
  }
  return all;
}

bool is_death(Code code) { return code == Code::E140 || code == Code::E141 || code == Code::E142; }

class Runner {
 public:
  Runner(const Manifest& manifest, const RuleSpec& rule, const TestOptions& options)
      : manifest_(manifest), rule_(rule), options_(options) {}

  TestResult run(const ConformanceTest& test) const {
    TestResult result{test.name, test.asks, {}, {}};
    try {
      result.outcome = options_.is_in_process ? here(test) : in_a_child(test);
    } catch (const Error& error) {
      const Verdict verdict = is_death(error.code()) ? Verdict::crashed : Verdict::failed;
      result.outcome = {verdict, error.headline()};
      result.error = error;
    }
    if (result.outcome.verdict == Verdict::failed && !result.error) {
      const bool is_case = test.name.starts_with("case ");
      result.error = Error(
          is_case ? Code::E702 : Code::E139,
          fmt::format("{}: {}: {}", rule_.id, test.name, result.outcome.detail),
          {.hint =
               is_case ? "a case file says what the equation gives, not what the code does" : ""});
    }
    return result;
  }

 private:
  Outcome here(const ConformanceTest& test) const {
    if (test.is_silent) return {Verdict::skipped, "needs a process of its own"};
    Bench bench(manifest_, rule_, options_.seed, [](const std::string&) {});
    return test.run(bench);
  }

  Outcome in_a_child(const ConformanceTest& test) const {
    const auto limit = options_.time_limit + static_cast<unsigned>(60 * options_.fuzz_minutes);
    const ChildWork child = in_child(
        fmt::format("{}: {}", rule_.id, test.name),
        [&](const Stage& stage) {
          Bench bench(manifest_, rule_, options_.seed, stage);
          const Outcome outcome = test.run(bench);
          return json{{"verdict", static_cast<int>(outcome.verdict)}, {"detail", outcome.detail}}
              .dump(-1, ' ', false, json::error_handler_t::replace);
        },
        limit);
    if (test.is_silent && !child.printed.empty()) {
      const std::string line = child.printed.substr(0, child.printed.find('\n'));
      return {Verdict::failed, "printed: " + line};
    }
    const json found = json::parse(child.result);
    return {static_cast<Verdict>(found["verdict"].get<int>()), found["detail"]};
  }

  const Manifest& manifest_;
  const RuleSpec& rule_;
  const TestOptions& options_;
};

}  // namespace

std::vector<TestResult> run_tests(const Manifest& manifest, const RuleSpec& rule,
                                  const TestOptions& options) {
  const Runner runner(manifest, rule, options);
  std::vector<TestResult> results;
  for (const ConformanceTest& test : all_tests(manifest, rule, options)) {
    if (options.only && !std::regex_search(test.name, *options.only)) continue;
    results.push_back(runner.run(test));
  }
  return results;
}

}  // namespace deltaw
