// SPDX-License-Identifier: Apache-2.0
// Rules over several tasks, by hand.
#include "comparison/aggregate.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "report/aggregate_table.hpp"

namespace deltaw {
namespace {

RunRecord run(const std::string& rule, std::uint64_t seed, double accuracy) {
  return {.rule = rule, .seed = seed, .metrics = {{"test_accuracy", accuracy}}};
}

TaskRuns task(const std::string& name, const std::vector<double>& a, const std::vector<double>& b) {
  TaskRuns made{name, {"a", "b"}, {}};
  for (std::size_t k = 0; k < a.size(); ++k) made.records.push_back(run("a", k, a[k]));
  for (std::size_t k = 0; k < b.size(); ++k) made.records.push_back(run("b", k, b[k]));
  return made;
}

// a: 0.1, 0.5 | 0.6, 0.9, the middle half is 0.5 and 0.6. b beside a: on the first task all of its
// four pairs are ahead but one, on the second it is behind in three and ties in one.
std::vector<TaskRuns> two_tasks() {
  return {task("one", {0.1, 0.5}, {0.4, 0.7}), task("two", {0.6, 0.9}, {0.5, 0.6})};
}

}  // namespace

TEST_CASE("the interquartile mean and the chance to be ahead over tasks are those by hand") {
  const nlohmann::json found = aggregate(two_tasks(), {"a", "b"}, "a", "test_accuracy");
  const auto& a = found["rules"][0];
  const auto& b = found["rules"][1];
  CHECK(a["interquartile_mean"]["mean"].get<double>() == doctest::Approx(0.55));
  CHECK(b["interquartile_mean"]["mean"].get<double>() == doctest::Approx(0.55));
  CHECK(a["medians"][0].get<double>() == doctest::Approx(0.3));
  CHECK(b["medians"][1].get<double>() == doctest::Approx(0.55));
  CHECK(!a.contains("improvement"));
  CHECK(b["improvement"]["share"].get<double>() == doctest::Approx((0.75 + 0.125) / 2));
  CHECK(b["improvement"]["low"] < b["improvement"]["share"]);
}

TEST_CASE("a rule without a value on one task has no mean over all, and failed runs are counted") {
  std::vector<TaskRuns> tasks = two_tasks();
  for (RunRecord& record : tasks[1].records) {
    if (record.rule == "b") record.status = "failed", record.metrics.clear();
  }
  const nlohmann::json found = aggregate(tasks, {"a", "b"}, "a", "test_accuracy");
  const auto& b = found["rules"][1];
  CHECK(!b.contains("interquartile_mean"));
  CHECK(!b.contains("improvement"));
  CHECK(b["medians"][1].is_null());
  CHECK(b["failed"] == 2);
  const std::string text = aggregate_table(found);
  CHECK(text.find("b: 2 runs failed and do not count") != std::string::npos);
  CHECK(text.find("55.0 [") != std::string::npos);
  CHECK(text.find("few data for such intervals") != std::string::npos);
}

TEST_CASE("only rules that all tasks have are aggregated, in the order of the first") {
  std::vector<TaskRuns> tasks = two_tasks();
  tasks[0].rules = {"c", "b", "a"};
  CHECK(rules_of_all(tasks) == std::vector<std::string>{"b", "a"});
}

}  // namespace deltaw
