// SPDX-License-Identifier: Apache-2.0
#include "conformance/run_tests.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cheat.hpp"

using namespace deltaw;
using deltaw::test::manifest_of;

namespace {

std::vector<TestResult> results_of(const Manifest& manifest, const TestOptions& options = {}) {
  return run_tests(manifest, manifest.rules.front(), options);
}

// The one test of that name.
TestResult result(const std::string& fixture, const std::string& test,
                  const nlohmann::json& change = nlohmann::json::object()) {
  TestOptions options;
  options.only.emplace("^" + test + "$");
  options.time_limit = 2;
  const auto results = results_of(manifest_of(fixture, change), options);
  REQUIRE(results.size() == 1);
  return results.front();
}

}  // namespace

TEST_CASE("a good rule passes every test that can be asked, and the others say why not") {
  for (const TestResult& result : results_of(manifest_of("cheat_none"))) {
    CAPTURE(result.name);
    CAPTURE(result.outcome.detail);
    const Verdict verdict = result.outcome.verdict;
    const bool is_asked = result.name != "damaged-state" && result.name != "threads" &&
                          result.name != "precisions" && result.name != "cases" &&
                          result.name != "phases" &&
                          result.name != "manifest" &&  // there is no file here
                          result.outcome.detail.find("a sanitizer") == std::string::npos;
    CHECK(verdict == (is_asked ? Verdict::pass : Verdict::skipped));
    CHECK_FALSE(result.error);
    CHECK(result.asks.size() > 10);
    CHECK(result.outcome.detail.size() > 3);
  }
}

TEST_CASE("a rule that declares phases and has no observe is told so") {
  const nlohmann::json contrast = {{"phases", {{"type", "contrast"}}}, {"supervision", "target"}};
  CHECK(result("cheat_none", "phases").outcome.verdict == Verdict::skipped);
  const TestResult found = result("cheat_none", "phases", contrast);
  CHECK(found.outcome.verdict == Verdict::failed);
  CHECK(found.outcome.detail.find("observe()") != std::string::npos);
}

TEST_CASE("every way of misbehaving is found by its own test, which good rules pass") {
  const struct {
    const char *fixture, *test;
    Verdict verdict;
    const char* said;
  } cheats[] = {
      {"cheat_reset", "reset", Verdict::failed, "first in update 0"},
      {"cheat_reset", "prepare-again", Verdict::failed, "first in update 0"},
      {"cheat_reset", "saved-state", Verdict::failed, "first in update 2"},
      {"cheat_print", "silence", Verdict::failed, "printed: learning"},
      {"cheat_thread", "no-threads", Verdict::failed, "threads more than before"},
      {"cheat_rounding", "floating-point", Verdict::failed, "rounding"},
      {"cheat_locale", "surroundings", Verdict::failed, "the locale"},
      {"cheat_signal", "surroundings", Verdict::failed, "the handler of signal 10"},
      {"cheat_prefix", "longer-id", Verdict::failed, "it makes a rule 'cheatx'"},
      {"cheat_any", "unknown-rule", Verdict::failed, "it makes a rule 'no-such-rule'"},
      {"cheat_state", "damaged-state", Verdict::failed, "the first 0 of 8 bytes"},
      {"cheat_infinite", "size-7x1", Verdict::failed, "entries are not finite"},
      {"cheat_write_pre", "read-only-inputs", Verdict::crashed, "Segmentation fault"},
      {"cheat_large", "size-257x129", Verdict::crashed, "Aborted"},
      {"cheat_nan", "nan", Verdict::crashed, "Aborted: static, float64, part 0"},
      {"cheat_exit", "defaults", Verdict::crashed, "ended the process with status 3"},
      {"cheat_hang", "defaults", Verdict::crashed, "no answer within 2 s"},
      {"cheat_throw", "defaults", Verdict::failed, "threw through the ABI: no such neuron"},
      {"cheat_visible", "one-symbol", Verdict::warning, "learn_for_all"},
  };
  for (const auto& cheat : cheats) {
    CAPTURE(cheat.fixture);
    const TestResult found = result(cheat.fixture, cheat.test);
    CAPTURE(found.outcome.detail);
    CHECK(found.outcome.verdict == cheat.verdict);
    CHECK(found.outcome.detail.find(cheat.said) != std::string::npos);
    CHECK(found.error.has_value() == (cheat.verdict != Verdict::warning));
  }
}

TEST_CASE("sizes, numbers and calls at the edge are each found by their own test") {
  const nlohmann::json bounded = {
      {"parameters",
       {{{"name", "a"}, {"type", "number"}, {"default", 1}, {"minimum", 0}, {"maximum", 2}}}}};
  const nlohmann::json twice = {{"dtypes", {"f32", "f64"}}};
  const nlohmann::json plain = nlohmann::json::object();
  const struct {
    const char *fixture, *test;
    Verdict verdict;
    const char* said;
    nlohmann::json change;
  } cheats[] = {
      {"cheat_one_unit", "size-1x1", Verdict::crashed, "Aborted", plain},
      {"cheat_one_output", "size-1x7", Verdict::crashed, "Aborted", plain},
      {"cheat_write_large", "size-257x129", Verdict::failed, "wrote ", plain},
      {"cheat_one_column", "one-observation", Verdict::failed, "100 entries are not finite", plain},
      {"cheat_no_column", "no-observations", Verdict::crashed, "Aborted", plain},
      {"cheat_infinity", "infinite", Verdict::crashed, "Aborted: static, float64, part 0", plain},
      {"cheat_zero", "zero", Verdict::crashed, "Aborted: static, float64, part 0", plain},
      {"cheat_huge", "huge", Verdict::crashed, "Aborted: static, float64, part 0", plain},
      {"cheat_tiny", "tiny", Verdict::crashed, "Aborted: static, float64, part 0", plain},
      {"cheat_some", "fuzz", Verdict::crashed, "Aborted: round ", plain},
      {"cheat_write_some", "fuzz", Verdict::failed, " wrote ", plain},
      {"cheat_precision", "precisions", Verdict::failed, "of the largest ΔW apart", twice},
      {"cheat_unprepared", "before-prepare", Verdict::crashed, "Aborted: update", plain},
      {"cheat_destroy", "destroy-unprepared", Verdict::crashed, "Aborted", plain},
      {"cheat_services", "no-services", Verdict::crashed, "Aborted", plain},
      {"cheat_bound", "parameters-at-bounds", Verdict::crashed, "Aborted: largest", bounded},
      {"cheat_beyond", "parameters-beyond", Verdict::crashed, "Aborted: above", bounded},
      {"cheat_more_parameters", "unknown-parameter", Verdict::crashed, "Aborted", bounded},
      {"cheat_no_parameters", "no-parameters", Verdict::crashed, "Aborted", bounded},
      {"cheat_one_table", "table-ends", Verdict::failed, "information on one more", plain},
      {"cheat_tables", "entry-again", Verdict::failed, "another table each time", plain},
      {"cheat_slow", "loads-quickly", Verdict::warning, "every start of the host", plain},
  };
  for (const auto& cheat : cheats) {
    CAPTURE(cheat.fixture);
    const TestResult found = result(cheat.fixture, cheat.test, cheat.change);
    CAPTURE(found.outcome.detail);
    CHECK(found.outcome.verdict == cheat.verdict);
    CHECK(found.outcome.detail.find(cheat.said) != std::string::npos);
    CHECK(result("cheat_none", cheat.test, cheat.change).outcome.verdict != found.outcome.verdict);
  }
}

TEST_CASE("a leak is found, where memory can be counted") {
  const TestResult found = result("cheat_leak", "many-updates");
  if (found.outcome.verdict == Verdict::skipped) return;
  CHECK(found.outcome.verdict == Verdict::failed);
  // Each update loses 20 times 16 bytes, which malloc makes 32.
  CHECK(found.outcome.detail.find("100000 updates took 62500 kB") != std::string::npos);
}

TEST_CASE("instances that disturb each other from another thread are found") {
  const nlohmann::json concurrent = {{"capabilities", {"deterministic", "concurrent"}}};
  const TestResult found = result("cheat_company", "threads", concurrent);
  CAPTURE(found.outcome.detail);
  CHECK(found.outcome.verdict == Verdict::failed);
  CHECK(found.outcome.detail.find("answered otherwise beside another") != std::string::npos);
}

TEST_CASE("the same seed asks the same, in a child as here") {
  TestOptions options;
  options.only.emplace("^(precisions|fuzz|nan|tiny)$");
  options.seed = 7;
  const Manifest manifest = manifest_of("cheat_none");
  const auto first = results_of(manifest, options), again = results_of(manifest, options);
  options.is_in_process = true;
  const auto here = results_of(manifest, options);
  REQUIRE(first.size() == 4);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].outcome.detail == again[i].outcome.detail);
    CHECK(first[i].outcome.detail == here[i].outcome.detail);
  }
}
