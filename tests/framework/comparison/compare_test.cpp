// SPDX-License-Identifier: Apache-2.0
// Whole comparisons on made-up data, with the rules of this build.
#include "comparison/compare.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "experiment/load.hpp"
#include "experiment/resolved.hpp"
#include "places.hpp"
#include "points.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

const std::filesystem::path build = k_build_folder;

Catalogue catalogue(const std::filesystem::path& folder = build / "lib/deltaw/plugins/1") {
  return Catalogue({{folder, SearchPlace::Kind::folder, "test", 0, ""}});
}

Experiment experiment(const json& rules) {
  return parse_experiment({{"deltaw", 1},
                           {"name", "points"},
                           {"task", {{"type", "csv"}, {"file", "points.csv"}}},
                           {"network",
                            {{"layers",
                              {{{"name", "in"}, {"units", 4}},
                               {{"name", "hidden"}, {"units", 5}, {"activation", "tanh"}},
                               {{"name", "out"}, {"units", 3}, {"activation", "softmax"}}}}}},
                           {"training",
                            {{"epochs", 3},
                             {"batch", 8},
                             {"loss", "cross-entropy"},
                             {"exploration", {{"deviation", 0.1}}}}},
                           {"rules", rules},
                           {"seeds", {3, 5, 8}}},
                          "points.json");
}

using Runs = std::map<std::pair<std::string, std::uint64_t>, RunOutcome>;

Runs all_runs(const json& rules, std::size_t jobs) {
  const Experiment asked = experiment(rules);
  Catalogue known = catalogue();
  std::vector<PreparedArm> arms;
  for (const Arm& arm : asked.arms) arms.emplace_back(arm, known);
  Runs runs;
  compare(asked, arms, Task{.data = points(60)}, jobs, {},
          {.on_run = [&](const RunOutcome& outcome) {
            runs[{outcome.record.rule, outcome.record.seed}] = outcome;
          }});
  return runs;
}

bool same_bits(const RunOutcome& a, const RunOutcome& b) {
  if (a.weights.size() != b.weights.size() || a.record.curve.size() != b.record.curve.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.weights.size(); ++i) {
    if (a.weights[i].second.values != b.weights[i].second.values) return false;
  }
  for (std::size_t i = 0; i < a.record.curve.size(); ++i) {
    EpochRow row = a.record.curve[i];
    row.seconds = b.record.curve[i].seconds;
    if (row != b.record.curve[i]) return false;
  }
  return a.confusion.values == b.confusion.values;
}

}  // namespace

TEST_CASE("bits depend neither on the number of jobs nor on the other arms") {
  const json three = {"feedback-alignment", "backprop", "node-perturbation"};
  const Runs one = all_runs(three, 1), four = all_runs(three, 4);
  const Runs alone = all_runs({"node-perturbation"}, 2);
  REQUIRE(one.size() == 9);
  REQUIRE(four.size() == 9);
  REQUIRE(alone.size() == 3);
  for (const auto& [which, outcome] : one) {
    CHECK(outcome.record.status == "finished");
    CHECK(same_bits(outcome, four.at(which)));
    if (alone.contains(which)) CHECK(same_bits(outcome, alone.at(which)));
  }
  CHECK_FALSE(same_bits(one.at({"backprop", 3}), one.at({"backprop", 5})));
}

TEST_CASE("a seed starts every arm from the same weights on the same split") {
  for (const auto& [which, outcome] : all_runs({"backprop", "node-perturbation"}, 2)) {
    static std::map<std::uint64_t, EpochRow> starts;
    EpochRow start = outcome.record.curve.front();
    CHECK(start.epoch == 0);
    start.seconds = 0;
    CHECK(starts.emplace(which.second, start).first->second == start);
  }
}

TEST_CASE("a rule that does not claim to be concurrent has its runs one after another") {
  const auto folder = build / "tests/not-concurrent";
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(build / "tests/plugins/bad_caps.so", folder / "bad_caps.so",
                             std::filesystem::copy_options::overwrite_existing);
  std::ofstream(folder / "x.rule.json")
      << json{{"schema", 1},
              {"abi", "1.0"},
              {"library", "bad_caps.so"},
              {"license", "Apache-2.0"},
              {"rules",
               {{{"id", "good-hebb"},
                 {"version", "1.0.0"},
                 {"summary", "keeps state that all instances share"},
                 {"equation", "none"},
                 {"references", {"none"}},
                 {"signals", {"pre", "post"}},
                 {"grain", "batch"},
                 {"dynamics", {"static"}},
                 {"locality", "synapse"},
                 {"supervision", "none"},
                 {"dtypes", {"f32"}},
                 {"capabilities", json::array()}}}}};
  Catalogue ours = catalogue(), alien = catalogue(folder);
  std::vector<PreparedArm> arms;
  arms.emplace_back(experiment({"backprop"}).arms[0], ours);
  CHECK(worker_count(arms, 6, 4) == 4);
  CHECK(worker_count(arms, 3, 4) == 3);
  CHECK(worker_count(arms, 6, 0) >= 1);
  arms.emplace_back(experiment({"good-hebb"}).arms[0], alien);
  CHECK(worker_count(arms, 6, 4) == 1);
  CHECK(worker_count(arms, 6, 0) == 1);
}

TEST_CASE("a criterion on a part without samples is refused before the first run") {
  Experiment asked = experiment({"backprop"});
  asked.task.split = {.train = 1, .validation = 0, .test = 0};
  asked.criterion.metric = "test_accuracy";
  Catalogue rules = catalogue();
  std::vector<PreparedArm> arms;
  arms.emplace_back(asked.arms[0], rules);
  CHECK_THROWS_WITH_AS(check(asked, arms, Task{.data = points(60)}),
                       doctest::Contains("asks for test_accuracy, but there is no test part"),
                       Error);
}

TEST_CASE("without a loss a run measures its cost and nothing else, and fits its rule") {
  json document = to_json(experiment({{{"name", "oja"}, {"rule", "hebbian"}}}));
  document["training"]["loss"] = "none";
  document.erase("criterion");
  document["network"]["layers"].back() = {{"name", "out"}, {"units", 2}};
  const Experiment asked = parse_experiment(document, "points.json");
  Catalogue known = catalogue();
  std::vector<PreparedArm> arms;
  arms.emplace_back(asked.arms[0], known);
  check(asked, arms, Task{.data = points(60)});
  std::vector<RunOutcome> outcomes;
  compare(asked, arms, Task{.data = points(60)}, 1, {},
          {.on_run = [&](const RunOutcome& outcome) { outcomes.push_back(outcome); }});
  REQUIRE(outcomes.size() == 3);
  for (const RunOutcome& outcome : outcomes) {
    CHECK(outcome.record.status == "finished");
    REQUIRE(outcome.record.curve.size() == 4);
    for (const EpochRow& row : outcome.record.curve) {
      CHECK(row == EpochRow{.epoch = row.epoch, .updates = row.updates, .seconds = row.seconds});
    }
    CHECK(outcome.record.curve.back().updates == 3 * 6);  // 42 of 60 samples in batches of 8
    CHECK(outcome.record.metrics.at("updates") == 18);
    CHECK_FALSE(outcome.record.metrics.contains("epochs_to_criterion"));
    CHECK_FALSE(outcome.record.metrics.contains("area_under_curve"));
    CHECK(outcome.confusion.rows == 0);
  }
}

TEST_CASE("an arm driven in its first epochs alone ends where a shorter training does") {
  const json drive = {{"connections", {"*"}}, {"rule", "backprop"}, {"epochs", {0, 3}}};
  const json early = {{"name", "early"}, {"training", {{"epochs", 5}}}, {"drive", {drive}}};
  const Runs runs = all_runs({"backprop", early}, 1);
  const RunOutcome &whole = runs.at({"backprop", 3}), &part = runs.at({"early", 3});
  REQUIRE(part.record.curve.size() == 6);
  REQUIRE(part.weights.size() == whole.weights.size());
  for (std::size_t i = 0; i < part.weights.size(); ++i) {
    CHECK(part.weights[i].second.values == whole.weights[i].second.values);
  }
}
