// SPDX-License-Identifier: Apache-2.0
// Runs that go on from every kind of state end as if they had never been interrupted.
#include "comparison/checkpoint.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "comparison/compare.hpp"
#include "core/sha256.hpp"
#include "error_of.hpp"
#include "experiment/load.hpp"
#include "places.hpp"
#include "points.hpp"
#include "result/alignment_json.hpp"
#include "result/metrics_csv.hpp"
#include "small_trials.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

// 36 samples in batches of 8: an epoch has five batches, of which rules watch three in four.
json of_batches() {
  return json::parse(R"({
    "deltaw": 1, "name": "batches",
    "task": {"type": "csv", "file": "points.csv", "split": {"train": 0.4, "test": 0.6}},
    "network": {"layers": [{"name": "in", "units": 4},
                           {"name": "hidden", "units": 5, "activation": "tanh"},
                           {"name": "out", "units": 3, "activation": "softmax"}]},
    "training": {"epochs": 3, "batch": 8, "exploration": {"deviation": 0.1},
      "alignment": {"rule": "backprop", "shadows": ["feedback-alignment", "node-perturbation"],
                    "batches": 3, "every": 4, "draws": 2}},
    "optimizer": {"type": "adam", "rate": 0.01},
    "features": {"layer": "hidden", "readouts": ["labels"]},
    "rules": ["node-perturbation"], "seeds": [3]})");
}

// Windows of 25 samples end within epochs of 36, samples are shown again, and STDP keeps traces.
json of_spikes() {
  return json::parse(R"({
    "deltaw": 1, "name": "spikes",
    "task": {"type": "csv", "file": "points.csv", "split": {"train": 0.4, "test": 0.6}},
    "network": {"dt": 1,
      "layers": [{"name": "input", "units": 4, "source": {"type": "poisson", "rate": 150}},
        {"name": "features", "units": 4,
         "dynamics": {"type": "spiking", "excitatory": {"tau": 2}, "refractory": 3,
                      "adaptation": {"increment": 0.5, "tau": 1000}}}],
      "connections": [{"from": "input", "to": "features", "delay": {"low": 0, "high": 5},
        "init": {"type": "uniform", "low": 30, "high": 50}, "constraint": {"bounds": [0, 99]}}]},
    "training": {"epochs": 3, "evaluate_every": 25,
      "presentation": {"show": 40, "rest": 3, "least_spikes": 2, "most_repeats": 8},
      "alignment": {"shadows": [{"rule": "stdp", "parameters": {"a_minus": 0.2}}], "every": 30}},
    "features": {"readouts": ["population"]},
    "rules": [{"name": "stdp", "rule": "stdp", "optimizer": {"rate": 0.1}}], "seeds": [3]})");
}

// What is expected of a class is learnt from one sample to the next.
json of_rewards() {
  json document = of_spikes();
  document["name"] = "rewards";
  document["network"]["layers"][1]["units"] = 6;
  document["training"]["reward"] = {{"type", "delayed"}, {"shuffled", true}};
  document["rules"] = {"reward-stdp"};
  document.erase("features");
  return document;
}

json of_trials() {
  json document = test::small_trials();
  document["training"] = {
      {"trials", 24},
      {"evaluate_every", 10},
      {"alignment", {{"rule", "backprop"}, {"trials", 8}, {"shadows", {"node-perturbation"}}}},
      {"exploration", {{"rate", 20}, {"amplitude", 3}}}};
  document["seeds"] = json::array({3});
  return document;
}

struct Study {
  explicit Study(const json& document) : experiment(parse_experiment(document, "test.json")) {
    Catalogue known({{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                      SearchPlace::Kind::folder, "test", 0, ""}});
    for (const Arm& arm : experiment.arms) arms.emplace_back(arm, known);
    if (experiment.task.trials) {
      task.trials = make_trial_task(*experiment.task.trials);
    } else {
      task.data = points(90);
      task.data.maximum = 2;
    }
  }

  // One run, as it ends, and the states that it kept on the way.
  RunOutcome run(const std::optional<std::string>& kept, std::vector<std::string>* states) const {
    RunOutcome ended;
    Listener listener;
    listener.on_run = [&](const RunOutcome& outcome) { ended = outcome; };
    if (states != nullptr) {
      listener.on_state = [&](const StateEvent& event) { states->push_back(event.state); };
    }
    const auto state = [&](const std::string&, std::uint64_t) { return kept; };
    compare(experiment, arms, task, 1, {}, listener, {.state = state},
            std::chrono::duration<double>(0));
    return ended;
  }

  Experiment experiment;
  std::vector<PreparedArm> arms;
  Task task;
};

// Everything but the time that it took.
json bits(const RunOutcome& outcome) {
  json all = {{"status", outcome.record.status}, {"errors", outcome.record.errors}};
  for (EpochRow row : outcome.record.curve) {
    row.seconds = 0;
    all["curve"].push_back(metrics_csv({{.rule = "any", .curve = {row}}}));
  }
  for (const auto& [name, value] : outcome.record.metrics) {
    if (name != "seconds") all["metrics"][name] = value ? json(*value) : json();
  }
  for (const auto* arrays : {&outcome.weights, &outcome.arrays}) {
    for (const auto& [name, values] : *arrays) {
      all["arrays"][name] = sha256_hex_of_bytes(npy_bytes(values));
    }
  }
  all["alignment"] = alignment_json(outcome.record.alignment);
  if (outcome.features) all["features"] = *outcome.features;
  if (outcome.analysis) all["analysis"] = *outcome.analysis;
  return all;
}

}  // namespace

TEST_CASE("a run that goes on from any of its states ends in the same bits") {
  for (const json& document : {of_batches(), of_spikes(), of_rewards(), of_trials()}) {
    CAPTURE(document["name"]);
    const Study study(document);
    std::vector<std::string> states;
    const json whole = bits(study.run({}, &states));
    REQUIRE(whole["status"] == "finished");
    REQUIRE(!whole["alignment"].empty());
    REQUIRE(states.size() >= 15);  // after every batch, sample or trial
    CHECK(bits(study.run({}, nullptr)) == whole);
    for (const std::size_t place : {std::size_t{0}, states.size() / 2, states.size() - 1}) {
      CAPTURE(place);
      std::vector<std::string> later;
      CHECK(bits(study.run(states[place], &later)) == whole);
      CHECK(later.size() == states.size() - place - 1);
    }
  }
}

TEST_CASE("a state of another run is refused") {
  const Study study(of_batches());
  std::vector<std::string> states;
  static_cast<void>(study.run({}, &states));
  json other = of_batches();
  other["seeds"] = {4};
  const auto run = [&](const json& document, const std::string& state) {
    return error_of([&] { static_cast<void>(Study(document).run(state, nullptr)); });
  };
  CHECK(run(other, states[0]).code() == Code::E306);
  CHECK(run(other, states[0]).headline() == "the saved 'seed' differs");
  json wider = of_batches();
  wider["network"]["layers"][1]["units"] = 6;
  CHECK(run(wider, states[0]).code() == Code::E306);
  CHECK(run(of_batches(), states[0] + "x").headline() ==
        "the saved state holds more than was asked for");
}

TEST_CASE("runs that have ended are not made again") {
  json two = of_batches();
  two["seeds"] = {3, 4};
  const Study study(two);
  std::vector<std::uint64_t> made;
  compare(study.experiment, study.arms, study.task, 1, {},
          {.on_run = [&](const RunOutcome& outcome) { made.push_back(outcome.record.seed); }},
          {.has_ended = [](const std::string&, std::uint64_t seed) { return seed == 3; }});
  CHECK(made == std::vector<std::uint64_t>{4});
}
