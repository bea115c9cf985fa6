// SPDX-License-Identifier: Apache-2.0
// Whole tunings on made-up data, with the rules of this build.
#include "tuning/tune.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "error_of.hpp"
#include "experiment/load.hpp"
#include "places.hpp"
#include "points.hpp"
#include "tuning/findings.hpp"
#include "tuning/folder.hpp"
#include "tuning/tuned.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

Catalogue catalogue() {
  const fs::path folder = fs::path(k_build_folder) / "lib/deltaw/plugins/1";
  return Catalogue({{folder, SearchPlace::Kind::folder, "test", 0, ""}});
}

// A linear readout of a constant input: after e epochs of full batches with rate r, what is left
// of the way to the mean target is (1 - 2 r)^e, so that r = 0.5 is best and all is lost above 1.
json mean_learner(const json& tune) {
  return {{"deltaw", 1},
          {"name", "mean"},
          {"task",
           {{"type", "csv"}, {"file", "mean.csv"}, {"scale", "raw"}, {"split", {{"train", 1}}}}},
          {"network",
           {{"layers",
             {{{"name", "in"}, {"units", 1}},
              {{"name", "out"}, {"units", 2}, {"bias", false}, {"activation", "linear"}}}}}},
          {"training", {{"epochs", 4}, {"batch", 1000}, {"loss", "mse"}, {"precision", "float64"}}},
          {"rules", {"backprop"}},
          {"seeds", 2},
          {"tune", tune}};
}

Dataset constant_input() {
  Dataset data;
  data.name = "mean";
  data.features = 1;
  data.classes = 2;
  data.values = std::vector<float>(80, 1.0F);
  for (std::uint32_t k = 0; k < 80; ++k) data.labels.push_back(k % 4 == 0 ? 1 : 0);
  return data;
}

json three_arms(const json& changes) {
  json document = {
      {"deltaw", 1},
      {"name", "points"},
      {"task", {{"type", "csv"}, {"file", "points.csv"}, {"split", {{"train", 1}, {"test", 0}}}}},
      {"network",
       {{"layers",
         {{{"name", "in"}, {"units", 4}},
          {{"name", "hidden"}, {"units", 5}, {"activation", "tanh"}},
          {{"name", "out"}, {"units", 3}, {"activation", "softmax"}}}}}},
      {"training", {{"epochs", 4}, {"batch", 8}, {"exploration", {{"deviation", 0.1}}}}},
      {"optimizer", {{"rate", 0.1}}},
      {"rules",
       {"backprop",
        "feedback-alignment",
        {{"name", "shallow"},
         {"drive",
          {{{"connections", {"hidden"}}, {"rule", "hebbian"}, {"optimizer", {{"rate", 0.01}}}},
           {{"connections", {"out"}}, {"rule", "backprop"}}}}}}},
      {"seeds", {3, 5}},
      {"tune", {{"trials", 6}, {"halving", 2}, {"rungs", 2}, {"seeds", {8, 9}}}}};
  if (!changes.is_null()) document.merge_patch(changes);
  return document;
}

struct Tuning {
  std::vector<TrialRecord> records;
  json found;
  WorkerLoad load;
};

TuningPlan plan_of(const json& document, Catalogue& rules) {
  const json full = changed_document(document, "test", {});
  const Experiment experiment = parse_experiment(document, "test");
  std::vector<PreparedArm> arms;
  for (const Arm& arm : experiment.arms) arms.emplace_back(arm, rules);
  return plan_tuning(experiment, full, full, arms);
}

Tuning tuning(const json& document, Dataset data, std::size_t jobs,
              const std::vector<TrialRecord>& done = {}) {
  Catalogue rules = catalogue();
  const TuningPlan plan = plan_of(document, rules);
  const Task task{.data = std::move(data)};
  check(plan, task, rules);
  Tuning result{done, {}, {}};
  result.load = tune(plan, task, rules, done, jobs, {},
                     {[&](const TrialRecord& record) { result.records.push_back(record); }});
  result.found = findings(plan, result.records).value();
  return result;
}

// The lines of a tuning without the time that it took, in an order of their own.
std::vector<std::string> lines_of(const Tuning& tuning, const json& document) {
  Catalogue rules = catalogue();
  const json plan = plan_of(document, rules).to_json();
  std::vector<std::string> lines;
  for (TrialRecord record : tuning.records) {
    record.seconds = 0;
    lines.push_back(to_json(record, plan).dump());
  }
  std::ranges::sort(lines);
  return lines;
}

std::string refusal(const json& changes) {
  Catalogue rules = catalogue();
  const Error error = error_of([&] { (void)plan_of(three_arms(changes), rules); });
  CHECK(error.code() == Code::E503);
  return error.text();
}

}  // namespace

TEST_CASE("the best rate of a bowl is found, and its validation loss is the known one") {
  for (const char* search : {"sobol", "random"}) {
    const json document = mean_learner(
        {{"trials", 24},
         {"seeds", 2},
         {"halving", 2},
         {"rungs", 3},
         {"search", search},
         {"metric", "validation_loss"},
         {"ranges", {{"optimizer.rate", {{"low", 0.005}, {"high", 5}, {"scale", "log"}}}}}});
    Catalogue rules = catalogue();
    const TuningPlan plan = plan_of(document, rules);
    std::size_t nearest = 0;
    const auto error_at = [&](std::size_t trial) {
      return std::abs(1 - 2 * plan.arms[0].trials[trial][0].second.get<double>());
    };
    for (std::size_t t = 1; t < 24; ++t) {
      if (error_at(t) < error_at(nearest)) nearest = t;
    }
    const json found = tuning(document, constant_input(), 2).found["rules"][0];
    CHECK(found["trial"] == nearest);
    CHECK(found["values"] == json{{"optimizer.rate", plan.arms[0].trials[nearest][0].second}});
    // Two targets, of which one is the class in a quarter of the samples: 2 x 1/4 x 3/4.
    CHECK(found["value"].get<double>() == doctest::Approx(0.375).epsilon(0.01));
    CHECK(found["at_edge"].empty());
    CHECK(found["runs"] == 2 * (24 + 12 + 6));
  }
}

TEST_CASE("a rate that the range should have held is said to lie at its edge") {
  const json found =
      tuning(mean_learner({{"trials", 16},
                           {"metric", "validation_loss"},
                           {"ranges", {{"optimizer.rate", {{"low", 0.001}, {"high", 0.1}}}}}}),
             constant_input(), 1)
          .found["rules"][0];
  CHECK(found["at_edge"] == json{{"optimizer.rate", "high"}});
}

TEST_CASE("bits depend neither on the number of workers nor on what was done before") {
  const json document = three_arms({});
  const Tuning one = tuning(document, points(60), 1), four = tuning(document, points(60), 4);
  CHECK(one.records.size() == 3 * 2 * (6 + 3));
  CHECK(one.found == four.found);
  CHECK(lines_of(one, document) == lines_of(four, document));
  const std::vector<TrialRecord> some(four.records.begin(), four.records.begin() + 17);
  const Tuning resumed = tuning(document, points(60), 2, some);
  CHECK(resumed.found == one.found);
  CHECK(lines_of(resumed, document) == lines_of(one, document));
  CHECK(one.load.jobs == 1);
  CHECK(one.load.busy() > 0);
  CHECK(one.load.busy() <= 1);
}

TEST_CASE("test labels change no bit of what a tuning finds, validation labels do") {
  const json document = three_arms({{"task", {{"split", {{"train", 0.8}, {"validation", 0.2}}}}}});
  const auto with_labels = [&](std::size_t first, std::size_t last) {
    Dataset data = points(90);
    data.own_test = 30;
    for (std::size_t k = first; k < last; ++k) data.labels[k] = (data.labels[k] + 1) % 3;
    return tuning(document, std::move(data), 2);
  };
  const Tuning plain = with_labels(0, 0), other_test = with_labels(60, 90);
  CHECK(plain.found == other_test.found);
  CHECK(lines_of(plain, document) == lines_of(other_test, document));
  CHECK(lines_of(plain, document) != lines_of(with_labels(50, 60), document));
}

TEST_CASE("every arm has the same trials, epochs and points") {
  Catalogue rules = catalogue();
  const TuningPlan plan = plan_of(three_arms({}), rules);
  REQUIRE(plan.arms.size() == 3);
  CHECK(plan.runs() == 54);
  CHECK(plan.epochs() == 3 * 2 * (6 * 2 + 3 * 4));
  // Rates of 0.1 from a hundredth to a hundredfold; of feedback alignment also the manifest's
  // scale.
  CHECK(plan.arms[0].places.size() == 1);
  CHECK(plan.arms[1].places.size() == 2);
  CHECK(plan.arms[1].places[1].path == "parameters.scale");
  CHECK(plan.arms[2].places[0].path == "drive.0.optimizer.rate");
  CHECK(plan.arms[2].places[0].range.low == 0.0001);
  CHECK(plan.arms[2].places[1].path == "drive.1.optimizer.rate");
  CHECK(plan.arms[2].places[1].range.high == 10);
  for (std::size_t t = 0; t < 6; ++t) {
    CHECK(plan.arms[0].trials[t][0] == plan.arms[1].trials[t][0]);
    const double rate = plan.arms[0].trials[t][0].second, slow = plan.arms[2].trials[t][0].second;
    CHECK(slow == doctest::Approx(rate / 10).epsilon(0.001));
  }
  const Arm arm = plan.arm_at(plan.arms[2], 4, 0);
  CHECK(arm.training.epochs == 2);
  CHECK(arm.drives[1].optimizer.rate == plan.arms[2].trials[4][1].second.get<double>());
  CHECK(plan.experiment.task.split.train == doctest::Approx(0.8));
  CHECK(plan.experiment.task.split.validation == doctest::Approx(0.2));
}

TEST_CASE("an experiment changes ranges for all its arms, and an arm for itself") {
  Catalogue rules = catalogue();
  const json tenths = {{"low", 0.1}, {"high", 1}};
  const json document = three_arms({{"tune", {{"ranges", {{"optimizer.rate", tenths}}}}}});
  json own = document;
  own["rules"][1] = {
      {"rule", "feedback-alignment"},
      {"parameters", {{"scale", 2}}},
      {"tune", {{"optimizer.rate", {{"factor", 2}}}, {"parameters.mode", {"random", "direct"}}}}};
  const TuningPlan plan = plan_of(own, rules);
  CHECK(plan.arms[0].places[0].range.low == 0.1);
  CHECK(plan.arms[2].places[1].range.high == 1);
  REQUIRE(plan.arms[1].places.size() == 2);  // a scale that the experiment fixes is not searched
  CHECK(plan.arms[1].places[0].range.low == 0.05);
  CHECK(plan.arms[1].places[0].range.high == 0.2);
  CHECK(plan.arms[1].places[1].path == "parameters.mode");
  own["rules"][0] = {{"rule", "backprop"}, {"tune", {{"optimizer.rate", false}}}};
  CHECK(plan_of(own, rules).arms.size() == 2);
}

TEST_CASE(
    "ranges that an arm cannot have are refused with the arm, the place and the nearest name") {
  const auto searched = [](const char* path, const json& range) {
    return json{{"tune", {{"ranges", {{path, range}}}}}};
  };
  std::string text = refusal(searched("parameters.scael", {1, 2}));
  CHECK(text.find("arm 'backprop'") != std::string::npos);
  CHECK(text.find("parameters.scael") != std::string::npos);
  text = refusal(searched("optimizer.momentun", {0.5, 0.9}));
  CHECK(text.find("momentum") != std::string::npos);
  text = refusal(searched("optimizer.rate", {{"low", 1}, {"high", 0.1}}));
  CHECK(text.find("must be below") != std::string::npos);
  text = refusal(searched("optimizer.rate", {-1, 1}));
  CHECK(text.find("optimizer.rate") != std::string::npos);
  CHECK(refusal({{"tune", {{"ranges", {{"optimizer.rate", false}, {"parameters.scale", false}}}}}})
            .find("nothing to tune") != std::string::npos);
  CHECK(
      refusal({{"tune", {{"metric", "test_accuracy"}}}}).find("cannot judge by 'test_accuracy'") !=
      std::string::npos);
  CHECK(error_of([] {
          (void)parse_experiment(three_arms({{"tune", {{"seeds", {3, 8}}}}}), "test");
        })
            .text()
            .find("a seed of the comparison: 3") != std::string::npos);
}

TEST_CASE("a folder keeps every line, drops half a line, and goes on with its own plan alone") {
  const fs::path folder = fs::path(k_build_folder) / "tests/tuning-folder";
  fs::remove_all(folder);
  using Existing = TuningFolder::Existing;
  Catalogue rules = catalogue();
  const json document = three_arms({});
  const TuningPlan plan = plan_of(document, rules);
  const Tuning whole = tuning(document, points(60), 2);
  {
    TuningFolder first(folder, plan, Existing::refused);
    for (const TrialRecord& record : whole.records) first.add(record);
  }
  std::ofstream(folder / "trials.jsonl", std::ios::app) << R"({"rule": "backp)";
  CHECK(error_of([&] { TuningFolder(folder, plan, Existing::refused); }).code() == Code::E601);
  {
    const TuningFolder again(folder, plan, Existing::resumed);
    CHECK(again.records().size() == whole.records.size());
    CHECK(findings(plan, again.records()).value() == whole.found);
  }
  const TuningPlan other = plan_of(three_arms({{"tune", {{"seeds", {8, 10}}}}}), rules);
  CHECK(error_of([&] { TuningFolder(folder, other, Existing::resumed); }).code() == Code::E601);
  CHECK(TuningFolder(folder, other, Existing::replaced).records().empty());
}

TEST_CASE("tuned values reach their arms, and no other experiment") {
  const fs::path file = fs::path(k_build_folder) / "tests/tuned.json";
  const json document = three_arms({});
  const Tuning whole = tuning(document, points(60), 2);
  std::ofstream(file) << whole.found;
  const Tuned tuned(file);
  const std::vector<std::string> arms = {"backprop", "shallow", "newcomer"};
  const Experiment changed = parse_experiment(document, "test", {.sets = tuned.sets(arms)});
  const json& values = whole.found["rules"][2]["values"];
  CHECK(changed.arms[2].drives[0].optimizer.rate == values["drive.0.optimizer.rate"]);
  CHECK(changed.arms[1].drives[0].optimizer.rate == 0.1);
  CHECK(tuned.text(arms, {}) ==
        "tuned: 6 trials of 2 to 4 epochs each, on validation data (median validation_accuracy of "
        "2 seeds of their own); not tuned: newcomer");

  json with_set = whole.found;
  with_set["set"] = {"training.batch=9", "tune.trials=6"};
  std::ofstream(file) << with_set;
  const std::string other_set = Tuned(file).text(arms, {"training.epochs=3"});
  CHECK(other_set.find("; compared without --set training.batch=9; compared with --set "
                       "training.epochs=3") != std::string::npos);
  CHECK(Tuned(file).text(arms, {"training.batch=9"}).find("compared") == std::string::npos);

  const json full = changed_document(document, "test", {});
  tuned.check(full, changed);
  json other = document;
  other["training"]["batch"] = 9;
  CHECK(error_of([&] { tuned.check(changed_document(other, "test", {}), changed); })
            .text()
            .find("arm 'backprop' differs") != std::string::npos);
  Experiment judged = changed;
  judged.seeds = {9};
  CHECK(error_of([&] { tuned.check(full, judged); }).text().find("seed 9") != std::string::npos);
  judged.name = "else";
  CHECK(error_of([&] { tuned.check(full, judged); }).text().find("'points', not of 'else'") !=
        std::string::npos);
  std::ofstream(file) << "{}";
  CHECK(error_of([&] { (void)Tuned(file); }).code() == Code::E603);
}

TEST_CASE("a parameter is tried only beside the choice that it waits for") {
  json document = three_arms({});
  document["rules"] = json::array({document["rules"][2]});
  document["rules"][0]["drive"][0]["rule"] = "intrator-cooper";
  const std::string choice = "drive.0.parameters.threshold", memory = "drive.0.parameters.memory";
  document["rules"][0]["tune"] = {{choice, {"moving-average", "batch"}},
                                  {memory, {{"low", 0.1}, {"high", 0.9}}}};
  Catalogue rules = catalogue();
  std::size_t with = 0, without = 0;
  const TuningPlan plan = plan_of(document, rules);
  for (const PlacedValues& values : plan.arms.front().trials) {
    const auto is_placed = [&](const std::string& path, const json& value) {
      return std::ranges::any_of(values, [&](const auto& placed) {
        return placed.first == path && (value.is_null() || placed.second == value);
      });
    };
    CHECK(is_placed(memory, nullptr) == is_placed(choice, "moving-average"));
    (is_placed(memory, nullptr) ? with : without) += 1;
  }
  CHECK(with > 0);
  CHECK(without > 0);

  // One that the arm gives is its default again beside another choice.
  json given = document;
  given["rules"][0]["drive"][0]["parameters"] = {{"memory", 0.3}};
  given["rules"][0]["tune"].erase(memory);
  const TuningPlan resetting = plan_of(given, rules);
  for (const PlacedValues& values : resetting.arms.front().trials) {
    const auto placed = [&](const std::string& path) {
      const auto found =
          std::ranges::find_if(values, [&](const auto& v) { return v.first == path; });
      return found == values.end() ? json() : found->second;
    };
    CHECK(placed(memory) == (placed(choice) == "batch" ? json(0.5) : json()));
  }
  // Where the choice is searched its parameters are, too, whatever the arm's own choice; the whole
  // way, to what was found.
  given["rules"][0]["drive"][0]["parameters"] = {{"threshold", "batch"}};
  const Tuning whole = tuning(given, points(60), 1);
  const json& values = whole.found["rules"][0]["values"];
  CHECK(values.contains(memory) == (values[choice] == "moving-average"));
  CHECK(whole.found["rules"][0]["searched"].contains(memory));

  document["rules"][0]["tune"].erase(choice);
  document["rules"][0]["drive"][0]["parameters"] = {{"threshold", "batch"}};
  CHECK(error_of([&] { (void)plan_of(document, rules); }).text().find("has no effect") !=
        std::string::npos);
}
