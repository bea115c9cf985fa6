// SPDX-License-Identifier: Apache-2.0
// Costs of small runs, counted by hand.
#include "comparison/cost.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "comparison/compare.hpp"
#include "experiment/load.hpp"
#include "places.hpp"
#include "points.hpp"
#include "small_trials.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

std::map<std::string, std::optional<double>> metrics_of(const json& document) {
  const Experiment experiment = parse_experiment(document, "test.json");
  Catalogue known({{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                    SearchPlace::Kind::folder, "test", 0, ""}});
  std::vector<PreparedArm> arms;
  for (const Arm& arm : experiment.arms) arms.emplace_back(arm, known);
  Task task;
  if (experiment.task.trials) {
    task.trials = make_trial_task(*experiment.task.trials);
  } else {
    task.data = points(90);
    task.data.maximum = 2;
  }
  RunRecord record;
  Listener listener;
  listener.on_run = [&](const RunOutcome& outcome) { record = outcome.record; };
  compare(experiment, arms, task, 1, {}, listener);
  REQUIRE(record.status == "finished");
  return record.metrics;
}

// 36 samples twice, in batches of 9: 8 updates of 4 x 5 + 5 x 3 = 35 weights.
json of_batches(const char* rule) {
  json document = json::parse(R"({
    "deltaw": 1, "name": "batches",
    "task": {"type": "csv", "file": "points.csv", "split": {"train": 0.4, "test": 0.6}},
    "network": {"layers": [{"name": "in", "units": 4},
                           {"name": "hidden", "units": 5, "activation": "tanh", "bias": false},
                           {"name": "out", "units": 3, "activation": "softmax", "bias": false}]},
    "training": {"epochs": 2, "batch": 9, "exploration": {"deviation": 0.1}},
    "optimizer": {"type": "sgd", "rate": 0.01}, "seeds": [3]})");
  document["rules"] = {rule};
  return document;
}

}  // namespace

TEST_CASE("backprop takes a pass, a pass of errors back over the later layer, and a gradient") {
  json document = of_batches("backprop");
  document["optimizer"] = {{"type", "adam"}, {"rate", 0.01}};
  auto metrics = metrics_of(document);
  CHECK(metrics["multiply_adds"] == 72 * (35 + 15 + 35));
  CHECK(metrics["synaptic_updates"] == 8 * 35);
  CHECK(metrics["labels"] == 72);
  CHECK(metrics.count("rewards") == 0);
  CHECK(metrics.count("spikes") == 0);
  CHECK(metrics["state_bytes"] == 2 * 35 * sizeof(float));  // Adam's two moments
  CHECK(*metrics["energy"] == doctest::Approx(72 * 85 * 4.6e-12));
}

TEST_CASE("a rule that explores takes a clean pass and a perturbed one, and rewards for labels") {
  auto metrics = metrics_of(of_batches("node-perturbation"));
  CHECK(metrics["multiply_adds"] == 72 * (35 + 35 + 35));  // the last for what it does itself
  CHECK(metrics["synaptic_updates"] == 8 * 35);
  CHECK(metrics["rewards"] == 72 * 2);
  CHECK(metrics.count("labels") == 0);
  // Two float32 counts of the noise of each of 8 units, and for each of 2 instances 40 bytes of
  // shapes and of what was seen.
  CHECK(metrics["state_bytes"] == 8 * 8 + 2 * 40);
}

TEST_CASE("what a rule does not drive costs only its pass") {
  json document = of_batches("delta-rule");
  document["network"]["connections"] =
      json::array({{{"from", "in"}, {"to", "hidden"}, {"plastic", false}},
                   {{"from", "hidden"}, {"to", "out"}}});
  auto metrics = metrics_of(document);
  CHECK(metrics["multiply_adds"] == 72 * (35 + 15));
  CHECK(metrics["synaptic_updates"] == 8 * 15);
}

TEST_CASE("in trials every step counts, and weights change once a trial after the warm-up") {
  auto metrics = metrics_of(test::small_trials());
  const int synapses = 2 * 12 + 12 * 12 + 12, steps = 50, trials = 50;
  const int passes = 1;  // perturbed; the reward it expects is learnt
  CHECK(metrics["multiply_adds"] == trials * steps * (passes * synapses + 12 * 12));
  CHECK(metrics["synaptic_updates"] == (trials - 10) * 12 * 12);
  CHECK(metrics["rewards"] == trials);
}

TEST_CASE("spikes cost their synapses, and every unit its three variables") {
  auto metrics = metrics_of(json::parse(R"({
    "deltaw": 1, "name": "spikes",
    "task": {"type": "csv", "file": "points.csv", "split": {"train": 0.6, "test": 0.4}},
    "network": {"dt": 1,
      "layers": [{"name": "input", "units": 4, "source": {"type": "poisson", "rate": 200}},
                 {"name": "features", "units": 4,
                  "dynamics": {"type": "spiking", "excitatory": {"tau": 0}, "refractory": 3}}],
      "connections": [{"from": "input", "to": "features", "pattern": "one-to-one",
        "init": {"type": "constant", "value": 20}, "constraint": {"bounds": [0, 100]}}]},
    "training": {"epochs": 2, "presentation": {"show": 100, "rest": 20}},
    "features": {"readouts": ["population"]},
    "rules": [{"name": "stdp", "rule": "stdp", "parameters": {"a_plus": 0.0, "a_minus": 0.0}}],
    "seeds": [3]})"));
  const double samples = 2 * 54, steps = 120;
  REQUIRE(*metrics["spikes"] > 0);
  // Each input spike crosses one synapse; a weight of 20 mV lets nearly each be answered.
  CHECK(*metrics["additions"] >= *metrics["spikes"]);
  CHECK(metrics["synaptic_updates"] == *metrics["additions"] + *metrics["spikes"]);
  CHECK(metrics["multiply_adds"] == samples * steps * 4 * 3 + *metrics["synaptic_updates"]);
  CHECK(*metrics["energy"] ==
        doctest::Approx(4.6e-12 * *metrics["multiply_adds"] + 0.9e-12 * *metrics["additions"]));
}
