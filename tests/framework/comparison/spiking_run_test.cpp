// SPDX-License-Identifier: Apache-2.0
// A spiking network from its experiment to what a run leaves behind.
#include "comparison/spiking_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "comparison/compare.hpp"
#include "error_of.hpp"
#include "experiment/load.hpp"
#include "places.hpp"
#include "points.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

// Three classes, each with an input of its own, and a unit for each input; the rule learns nothing,
// for its amplitudes are 0.
json document() {
  return json::parse(R"({
    "deltaw": 1, "name": "spikes",
    "task": {"type": "csv", "file": "points.csv", "split": {"train": 0.6, "test": 0.4}},
    "network": {
      "dt": 1,
      "layers": [
        {"name": "input", "units": 4, "source": {"type": "poisson", "rate": 200}},
        {"name": "features", "units": 4,
         "dynamics": {"type": "spiking", "excitatory": {"tau": 0}, "refractory": 3}}],
      "connections": [
        {"from": "input", "to": "features", "pattern": "one-to-one",
         "init": {"type": "constant", "value": 20}, "constraint": {"bounds": [0, 100]}}]},
    "training": {"epochs": 2, "evaluate_every": 20,
      "presentation": {"show": 100, "rest": 20, "least_spikes": 1, "most_repeats": 8}},
    "features": {"readouts": ["population", "softmax"]},
    "rules": [{"name": "stdp", "rule": "stdp", "parameters": {"a_plus": 0.0, "a_minus": 0.0}}],
    "seeds": 2
  })");
}

// Classes answer from the first sample on; what each unit looks for is up to the reward.
json rewarded() {
  json asked = document();
  asked["task"]["split"] = {{"train", 0.6}, {"validation", 0.2}, {"test", 0.2}};
  asked["network"]["layers"][1]["units"] = 3;
  asked["network"]["connections"][0]["pattern"] = "all-to-all";
  asked["training"]["reward"] = "delayed";
  asked["rules"] = {"reward-stdp"};
  asked.erase("features");
  return asked;
}

Catalogue catalogue() {
  return Catalogue({{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                     SearchPlace::Kind::folder, "test", 0, ""}});
}

std::vector<RunOutcome> outcomes_of(const json& asked, std::size_t jobs,
                                    const Listener& more = {}) {
  const Experiment experiment = parse_experiment(asked, "points.json");
  Catalogue known = catalogue();
  std::vector<PreparedArm> arms;
  for (const Arm& arm : experiment.arms) arms.emplace_back(arm, known);
  Task task{.data = points(90)};
  task.data.maximum = 2;
  check(experiment, arms, task);
  std::vector<RunOutcome> outcomes;
  Listener listener = more;
  listener.on_run = [&](const RunOutcome& outcome) { outcomes.push_back(outcome); };
  compare(experiment, arms, task, jobs, {}, listener);
  std::ranges::sort(outcomes, {}, [](const RunOutcome& o) { return o.record.seed; });
  return outcomes;
}

}  // namespace

TEST_CASE("units with an input of their own tell the classes, and every window is told of") {
  std::size_t shown = 0;
  const std::vector<RunOutcome> outcomes =
      outcomes_of(document(), 1, {.on_shown = [&](const ShownEvent& event) {
                    ++shown;
                    CHECK(event.shown.done <= event.shown.of);
                    CHECK(event.shown.epochs <= 3);
                  }});
  REQUIRE(outcomes.size() == 2);
  CHECK(shown > 0);
  for (const RunOutcome& outcome : outcomes) {
    const auto& metrics = outcome.record.metrics;
    CHECK(outcome.record.status == "finished");
    CHECK(metrics.at("population_test_accuracy").value() > 0.9);
    CHECK(metrics.at("softmax_test_accuracy").value() > 0.9);
    REQUIRE(outcome.record.curve.size() == 3);
    CHECK(outcome.record.curve[2].train_accuracy.value() > 0.9);
    const json& course = (*outcome.features)["course"];
    REQUIRE(course.size() == 5);  // 54 samples, twice, in windows of 20
    CHECK(course[0]["accuracy"].is_null());
    CHECK(course[4]["epoch"].get<double>() == doctest::Approx(100.0 / 54));
    CHECK(course[4]["presentations"] >= 1);
    CHECK((*outcome.features)["labels"].size() == 4);
    REQUIRE(outcome.weights.size() == 1);
    CHECK(outcome.weights[0].first == "input>features");
    CHECK(outcome.confusion.rows == 3);
    CHECK(outcome.features->contains("recording") == (outcome.record.seed == 1));
  }
}

TEST_CASE("the first seed leaves a recording of a sample, whose spikes are in order of time") {
  const RunOutcome first = outcomes_of(document(), 1).front();
  const json& recording = (*first.features)["recording"];
  CHECK(recording["shown"] == 100);
  REQUIRE(recording["layers"].size() == 2);
  for (const json& layer : recording["layers"]) {
    const auto steps = layer["steps"].get<std::vector<std::size_t>>();
    CHECK(std::ranges::is_sorted(steps));
    CHECK(steps.size() > 5);
    CHECK(layer["spikes"].size() == steps.size());
  }
  CHECK(recording["layers"][1]["potentials"][2].size() == 120);
}

TEST_CASE("spiking runs give the same bits whatever the number of workers, and others for others") {
  const std::vector<RunOutcome> one = outcomes_of(document(), 1), two = outcomes_of(document(), 2);
  REQUIRE(one.size() == two.size());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(*one[i].features == *two[i].features);
  CHECK(*one[0].features != *one[1].features);
}

TEST_CASE("where units are assigned to classes, the last row tells how they answer every part") {
  const std::vector<RunOutcome> outcomes = outcomes_of(rewarded(), 1);
  REQUIRE(outcomes.size() == 2);
  for (const RunOutcome& outcome : outcomes) {
    REQUIRE(outcome.record.status == "finished");
    const std::vector<EpochRow>& curve = outcome.record.curve;
    REQUIRE(curve.size() == 3);
    CHECK(curve[1].train_accuracy);  // of the first 40 samples: no window before is needed
    CHECK_FALSE(curve[1].validation_accuracy);
    CHECK_FALSE(curve[1].test_accuracy);
    CHECK(curve[2].validation_accuracy);
    CHECK(curve[2].test_accuracy);
    CHECK(outcome.record.metrics.at("test_accuracy") == curve[2].test_accuracy);
  }
}

TEST_CASE("a layer other than the one that is read is refused before the first run") {
  json asked = document();
  asked["network"]["layers"].push_back({{"name", "more"}, {"units", 2}, {"dynamics", "spiking"}});
  asked["network"]["connections"].push_back({{"from", "features"},
                                             {"to", "more"},
                                             {"plastic", false},
                                             {"init", {{"type", "constant"}, {"value", 1}}}});
  asked["features"]["layer"] = "features";
  const Error error = error_of([&] { (void)outcomes_of(asked, 1); });
  CHECK(error.code() == Code::E503);
  CHECK(error.text().find("\"layer\": \"features\"") != std::string::npos);
}

TEST_CASE("a network that falls silent is a failed run that names the layer") {
  json asked = document();
  asked["network"]["connections"][0]["init"]["value"] = 0;
  asked["training"]["presentation"]["most_repeats"] = 0;
  asked["training"]["epochs"] = 3;
  const std::vector<RunOutcome> outcomes = outcomes_of(asked, 1);
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0].record.status == "failed");
  CHECK(outcomes[0].record.error.find("'features' has not spiked") != std::string::npos);
}
