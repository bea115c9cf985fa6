// SPDX-License-Identifier: Apache-2.0
// `deltaw aggregate`: rules over several tasks, from the results of a comparison on each.
#include "comparison/aggregate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "group_option.hpp"
#include "options.hpp"
#include "report/aggregate_table.hpp"
#include "result/folder.hpp"

namespace deltaw {
namespace {

struct Opened {
  std::vector<TaskRuns> tasks;
  std::map<std::string, nlohmann::json> facts;  // of each rule, as its first summary has them
  std::string reference, metric;                // of the first
};

Opened open_all(const po::variables_map& values) {
  if (values.count("results") == 0 || values["results"].as<std::vector<std::string>>().size() < 2) {
    throw Error(Code::E002, "deltaw aggregate needs the results of two comparisons or more",
                {.hint = "deltaw aggregate results/DIGITS results/MNIST"});
  }
  Opened opened;
  for (const std::string& path : values["results"].as<std::vector<std::string>>()) {
    const ResultFolder folder = ResultFolder::open(path);
    const nlohmann::json summary = folder.summary();
    TaskRuns task{summary.at("name").get<std::string>(), {}, folder.runs()};
    if (std::ranges::find(opened.tasks, task.name, &TaskRuns::name) != opened.tasks.end()) {
      throw Error(Code::E002, fmt::format("{}: earlier results are of '{}', too", path, task.name),
                  {.expected = "the results of experiments with names of their own, one a task"});
    }
    for (const auto& rule : summary.at("rules")) {
      task.rules.push_back(rule.at("rule"));
      const auto& known = opened.facts.emplace(task.rules.back(), rule).first->second;
      if (known.at("id") == rule.at("id")) continue;
      throw Error(Code::E002,
                  fmt::format("{}: '{}' is another rule than before", path, task.rules.back()),
                  {.expected = known.at("id"), .found = rule.at("id")});
    }
    if (opened.tasks.empty()) {
      opened.reference = summary.at("reference").get<std::string>();
      opened.metric = summary.at("judged").get<std::string>();
    }
    opened.tasks.push_back(std::move(task));
  }
  return opened;
}

[[noreturn]] void refuse_rule(const std::string& name, const std::vector<std::string>& shared) {
  throw Error(Code::E002, fmt::format("'{}' is no rule of all these results", name),
              {.hint = suggest(name, shared)});
}

std::vector<std::string> rules_wanted(const po::variables_map& values,
                                      const std::vector<std::string>& shared) {
  if (values.count("rules") == 0) return shared;
  std::vector<std::string> wanted = arm_names(values["rules"].as<std::string>());
  for (const std::string& name : wanted) {
    if (std::ranges::find(shared, name) == shared.end()) refuse_rule(name, shared);
  }
  return wanted;
}

std::string reference_of(const po::variables_map& values, const Opened& opened,
                         const std::vector<std::string>& shared,
                         const std::vector<std::string>& rules) {
  const auto is_among = [](const std::string& name, const std::vector<std::string>& names) {
    return std::ranges::find(names, name) != names.end();
  };
  if (values.count("reference") == 0) {
    return is_among(opened.reference, rules) ? opened.reference : rules.front();
  }
  auto named = values["reference"].as<std::string>();
  if (!is_among(named, shared)) refuse_rule(named, shared);
  if (!is_among(named, rules)) refuse_rule(named, rules);
  return named;
}

std::string metric_of(const po::variables_map& values, const Opened& opened) {
  std::string metric =
      values.count("metric") > 0 ? values["metric"].as<std::string>() : opened.metric;
  if (!metric.ends_with("_accuracy")) {
    throw Error(Code::E002, fmt::format("'{}' has not the same scale in every task", metric),
                {.expected = "an accuracy: test_accuracy, learning_accuracy ...",
                 .hint = "--metric test_accuracy"});
  }
  return metric;
}

std::string left_out(const std::vector<TaskRuns>& tasks, const std::vector<std::string>& shared) {
  std::set<std::string> names;
  for (const TaskRuns& task : tasks) names.insert(task.rules.begin(), task.rules.end());
  for (const std::string& rule : shared) names.erase(rule);
  if (names.empty()) return {};
  return fmt::format("\nleft out, not in all results: {}\n", fmt::join(names, ", "));
}

}  // namespace

CommandLine aggregate_line() {
  CommandLine line;
  line.usage =
      "deltaw aggregate RESULTS RESULTS... [options]\n\n"
      "Says how good rules are over several tasks, from the results of a comparison on each: the\n"
      "interquartile mean of all runs, and how likely a run of a rule is ahead of one of the\n"
      "reference, with intervals that resample the runs of each task apart. Rules are matched by\n"
      "name; those that are not in all results are left out.";
  auto add = line.shown.add_options();
  add("rules", po::value<std::string>()->value_name("ARM,..."), "only these rules");
  add("reference", po::value<std::string>()->value_name("ARM"),
      "beside which the others are set (default: that of the first results)");
  add("metric", po::value<std::string>()->value_name("NAME"),
      "an accuracy (default: that by which the first results are judged)");
  add("json", "print what was found for machines instead of a table");
  line.hidden.add_options()("results", po::value<std::vector<std::string>>()->value_name("DIR"));
  line.positional.add("results", -1);
  return line;
}

int run_aggregate(const Arguments& arguments) {
  const auto values = parse(arguments, aggregate_line());
  if (!values) return 0;
  const Opened opened = open_all(*values);
  const std::vector<std::string> shared = rules_of_all(opened.tasks);
  if (shared.empty()) {
    throw Error(Code::E002, "no rule has the same name in all these results",
                {.expected = "comparisons of the same rules on different tasks"});
  }
  const std::vector<std::string> rules = rules_wanted(*values, shared);
  nlohmann::json found =
      aggregate(opened.tasks, rules, reference_of(*values, opened, shared, rules),
                metric_of(*values, opened));
  for (nlohmann::json& rule : found["rules"]) {
    const nlohmann::json& facts = opened.facts.at(rule["rule"]);
    for (const char* fact : {"locality", "supervision", "timing"}) rule[fact] = facts.at(fact);
  }
  if (values->count("json") > 0) {
    fmt::print("{}\n", found.dump(2));
  } else {
    fmt::print("{}{}", aggregate_table(found), left_out(opened.tasks, shared));
  }
  return 0;
}

}  // namespace deltaw
