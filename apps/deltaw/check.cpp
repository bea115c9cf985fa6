// SPDX-License-Identifier: Apache-2.0
// deltaw check: what a rule's library does, beside what its manifest says and what hosts rely on.
#include "conformance/check.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "check_text.hpp"
#include "conformance/case_file.hpp"
#include "conformance/run_tests.hpp"
#include "plugin_options.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

bool is_manifest(const std::string& name) {
  return name.ends_with(".json") || name.find('/') != std::string::npos;
}

template <class N>
N number_of(const po::variables_map& values, const char* option, N otherwise, N low, N high) {
  if (values.count(option) == 0) return otherwise;
  const auto text = values[option].as<std::string>();
  const auto number = number_in<N>(text);
  if (number && *number >= low && *number <= high) return *number;
  throw Error(Code::E002, fmt::format("--{} {}", option, text),
              {.expected = fmt::format("{} to {}", low, high)});
}

TestOptions options_of(const po::variables_map& values) {
  TestOptions options;
  options.seed = number_of<std::uint64_t>(values, "seed", 1, 0, 1'000'000'000);
  options.time_limit = number_of<unsigned>(values, "time-limit", 45, 1, 3600);
  options.fuzz_minutes = number_of<double>(values, "fuzz", 0, 0.01, 100'000);
  options.is_in_process = values.count("in-process") > 0;
  if (options.is_in_process && values.count("only") == 0) {
    throw Error(Code::E002, "--in-process lets a rule that crashes end this process",
                {.hint = "--in-process --only NAME"});
  }
  if (values.count("cases") > 0) {
    if (values.count("locality") > 0) {
      throw Error(Code::E002, "--cases are tests, which --locality leaves out",
                  {.hint = "one of the two"});
    }
    for (const auto& file : values["cases"].as<std::vector<std::string>>()) {
      require_case_file(file);
      options.cases.emplace_back(file);
    }
  }
  if (values.count("only") == 0) return options;
  const auto only = values["only"].as<std::string>();
  try {
    options.only.emplace(only);
  } catch (const std::regex_error&) {
    throw Error(Code::E002, fmt::format("--only {}", only), {.expected = "a regular expression"});
  }
  return options;
}

json to_json(const std::vector<TestResult>& results) {
  json out = json::array();
  for (const TestResult& result : results) {
    out.push_back({{"name", result.name},
                   {"asks", result.asks},
                   {"verdict", name_of(result.outcome.verdict)},
                   {"detail", result.outcome.detail}});
  }
  return out;
}

// What was found of one rule, and why it is refused, if it is.
class RuleCheck {
 public:
  // `tests`: none where no test is asked for.
  RuleCheck(const Manifest& manifest, const RuleSpec& rule, bool wants_locality,
            const std::optional<TestOptions>& tests) {
    found_ = {{"rule", rule.id}, {"version", rule.version}, {"library", manifest.library.string()}};
    if (wants_locality) look_for_locality(manifest, rule);
    if (tests) test(manifest, rule, *tests);
  }

  [[nodiscard]] const json& found() const { return found_; }
  [[nodiscard]] const std::optional<Error>& refused() const { return refused_; }

 private:
  void refuse(const std::optional<Error>& error) {
    if (error && !refused_) refused_ = error;
  }

  void look_for_locality(const Manifest& manifest, const RuleSpec& rule) {
    try {
      found_ = check_rule(manifest, rule);
      refuse(refusal(found_));
    } catch (const Error& error) {
      found_["locality_error"] = error.headline();
      refuse(error);
    }
  }

  void test(const Manifest& manifest, const RuleSpec& rule, const TestOptions& options) {
    const std::vector<TestResult> results = run_tests(manifest, rule, options);
    if (results.empty()) {
      throw Error(Code::E002, "--only leaves no test", {.hint = "deltaw check RULE lists all"});
    }
    found_["tests"] = to_json(results);
    found_["seed"] = options.seed;
    for (const auto& file : options.cases) found_["cases"].push_back(file.string());
    for (const TestResult& result : results) refuse(result.error);
  }

  json found_;
  std::optional<Error> refused_;
};

}  // namespace

CommandLine check_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw check RULE|MANIFEST [options]\n\n"
      "Asks a rule, or all rules of a manifest, in processes of their own. First how local it is:\n"
      "changes each unit, each synapse, each scalar that it is shown, and the memory, instance,\n"
      "process and time that it is not, and compares every bit of its answers. Then the\n"
      "conformance tests, one question each, and its case files. Exit status 3 when the manifest\n"
      "claims less or a test fails, 5 when the rule crashes, hangs or ends the process.\n";
  add_plugin_options(line.shown);
  auto add = line.shown.add_options();
  const auto number = [] { return po::value<std::string>()->value_name("N"); };
  add("locality", "only how local it is, and what could hide that");
  add("only", po::value<std::string>()->value_name("REGEX"), "only the tests of such names");
  add("cases", po::value<std::vector<std::string>>()->value_name("FILE"),
      "the case file of another implementation of this rule, whatever it calls it; repeatable; "
      "cases with parameters that this one lacks are skipped");
  add("seed", number(), "of what the rule is shown (default: 1)");
  add("time-limit", number(), "seconds of the processor for each test (default: 45)");
  add("fuzz", po::value<std::string>()->value_name("MINUTES"),
      "let the test 'fuzz' run so long (default: 100 rounds)");
  add("in-process", "no processes: for a debugger, with --only");
  add("json", "print JSON instead of text");
  line.hidden.add_options()("rule", po::value<std::string>()->value_name("RULE|MANIFEST"));
  line.positional.add("rule", 1);
  return line;
}

int run_check(const Arguments& arguments) {
  const auto values = parse(arguments, check_line());
  if (!values) return 0;
  if (values->count("rule") == 0) {
    throw Error(Code::E002, "deltaw check needs a rule or a manifest",
                {.hint = "deltaw rules lists the rules"});
  }
  const auto name = (*values)["rule"].as<std::string>();
  Manifest manifest;
  std::vector<RuleSpec> rules;
  if (is_manifest(name)) {
    manifest = read_manifest(name);
    rules = manifest.rules;
  } else {
    const Catalogue catalogue = make_catalogue(*values);
    const CatalogueEntry& entry = catalogue.find(name);
    manifest = *entry.manifest;
    rules = {entry.rule};
  }
  const bool wants_json = values->count("json") > 0;
  const bool wants_locality = values->count("only") == 0;
  std::optional<TestOptions> tests;
  if (TestOptions options = options_of(*values); values->count("locality") == 0) {
    tests = std::move(options);
  }
  std::vector<std::string> asked = plugin_words(*values);  // which rule, and where it is found
  asked.insert(asked.begin(), name);
  json all = json::array();
  std::optional<Error> refused;
  for (const RuleSpec& rule : rules) {
    const RuleCheck check(manifest, rule, wants_locality, tests);
    all.push_back(check.found());
    all.back()["asked"] = asked;
    if (!wants_json) fmt::print("{}{}", all.size() > 1 ? "\n" : "", check_text(all.back()));
    if (!refused) refused = check.refused();
  }
  if (wants_json) fmt::print("{}\n", all.dump(2));
  std::fflush(stdout);
  if (refused) throw Error(*refused);
  return 0;
}

}  // namespace deltaw
