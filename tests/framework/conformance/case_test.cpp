// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "cheat.hpp"
#include "conformance/case_file.hpp"
#include "conformance/case_run.hpp"
#include "error_of.hpp"
#include "plugin/library.hpp"

using namespace deltaw;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// tests/plugins/cheat.c without a cheat: dW = <post pre^T>, float64.
const Manifest& hebb() {
  static const Manifest manifest = test::manifest_of("cheat_none");
  return manifest;
}

// <y x^T> by hand: ((3, 6) + (0, -1)) / 2.
json by_hand() {
  return json::parse(R"({"deltaw_case": 1, "rule": "cheat", "cases": [{
    "name": "by hand", "updates": [{
      "signals": {"pre": [[1, 0], [2, 1]], "post": [[3, -1]]}, "expected": [[1.5, 2.5]]}]}]})");
}

std::vector<Case> cases(const json& document, const std::string& name = "by_hand.case.json") {
  const fs::path file = fs::temp_directory_path() / ("deltaw-" + name);
  std::ofstream(file) << document.dump();
  return read_cases({file}, hebb().rules.front());
}

CaseOutcome outcome(const json& document) {
  const Library library(hebb());
  return run_case(library.table(), hebb().rules.front(), cases(document).at(0), DELTAW_F64);
}

std::string refusal(const json& patch) {
  json document = by_hand();
  document["cases"][0].merge_patch(patch);
  return error_of([&] { (void)cases(document); }).text();
}

bool has(const std::string& text, const std::string& part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a rule that answers what was worked out holds, one that is off by a sign does not") {
  const CaseOutcome right = outcome(by_hand());
  CHECK(right.holds);
  CHECK(right.error == 0);
  json flipped = by_hand();
  flipped["cases"][0]["updates"][0]["expected"] = {{-1.5, -2.5}};
  const CaseOutcome wrong = outcome(flipped);
  CHECK_FALSE(wrong.holds);
  CHECK(wrong.error == doctest::Approx(2));
  CHECK(has(wrong.text, "update 0, entry 1: expected -2.5, found 2.5"));
}

TEST_CASE("a tolerance counts relative to the largest number expected") {
  json near = by_hand();
  near["cases"][0]["updates"][0]["expected"] = {{1.5, 2.5025}};
  CHECK_FALSE(outcome(near).holds);
  near["cases"][0]["tolerance"] = {{"f64", 0.00101}};
  CHECK(outcome(near).holds);
  near["cases"][0]["tolerance"] = {{"f64", 0.00098}};
  CHECK_FALSE(outcome(near).holds);
}

TEST_CASE("what does not fit is named with file, case and shape") {
  const auto update = [](json one) { return json{{"updates", {std::move(one)}}}; };
  const json pre = {{1, 0}, {2, 1}}, post = {{3, -1}}, expected = {{1.5, 2.5}};
  CHECK(has(refusal(update({{"signals", {{"pre", pre}}}, {"expected", expected}})),
            "case 'by hand': post: the rule declares it, and the case does not show it"));
  CHECK(has(refusal(update({{"signals", {{"pre", pre}, {"post", post}, {"reward", {{1}}}}},
                            {"expected", expected}})),
            "reward: the rule does not declare it"));
  const std::string shape = refusal(
      update({{"signals", {{"pre", pre}, {"post", {{3, -1, 2}}}}}, {"expected", expected}}));
  CHECK(has(shape, "error[E701]"));
  CHECK(has(shape, "post has another shape"));
  CHECK(has(shape, "expected 1 x 2, found 1 x 3"));
  CHECK(has(refusal(update(
                {{"signals", {{"pre", {{1, 0}, {2}}}, {"post", post}}}, {"expected", expected}})),
            "pre: its rows differ in length"));
  CHECK(has(refusal({{"dynamics", "rate"}}), "the rule does not declare \"rate\" dynamics"));
  CHECK(has(refusal({{"parameters", {{"rate", 1}}}}), "error[E201]"));
  CHECK(has(refusal({{"tolerence", {{"f64", 1}}}}), "did you mean 'tolerance'"));
}

TEST_CASE("a file that is no JSON is named, and one of another rule gives no cases") {
  const fs::path file = fs::temp_directory_path() / "deltaw-broken.case.json";
  std::ofstream(file) << "{";
  const auto read = [&] { (void)read_cases({file}, hebb().rules.front()); };
  CHECK(error_of(read).code() == Code::E700);
  json other = by_hand();
  other["rule"] = "another";
  CHECK(cases(other, "other.case.json").empty());
}
