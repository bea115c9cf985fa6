// SPDX-License-Identifier: Apache-2.0
// Networks with time and training on trials: read, refused, and written out again.
#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

// Every key of networks with time and of training on trials, none at its default.
json full() {
  json document = small_in_trials();
  json& network = document["network"];
  network["layers"][0]["units"] = 2;
  network["layers"][3] = {{"name", "output"}, {"units", 1}, {"bias", false}};
  network["layers"][1]["dynamics"] = {{"type", "rate"},
                                      {"tau", 50.0},
                                      {"integrator", "exponential"},
                                      {"initial", 0.25},
                                      {"clamped", {{1, 0.5}, {3, -1.0}}}};
  network["connections"] = json::parse(R"([
    {"from": "input", "to": "hidden1", "init": {"type": "uniform", "low": -1, "high": 1,
                                                "silent": [0, 2]}, "plastic": false},
    {"from": "hidden1", "to": "hidden1", "init": "normal", "density": 0.25},
    {"from": "hidden1", "to": "hidden2"},
    {"from": "hidden2", "to": "output", "init": {"type": "select", "units": [4]},
     "plastic": false}])");
  document["training"] = json::parse(R"({
    "trials": 500, "warm_up": 40, "evaluate_every": 25,
    "reward": {"type": "sporadic", "every": 12, "offset": 1.5, "baseline": "clean", "decay": 0.5},
    "loss": "mse",
    "exploration": {"draws": 2, "rate": 3, "amplitude": 16, "from": 4, "on": "potential",
                    "weight_deviation": 0.125}})");
  document["criterion"] = {{"error", 0.5}, {"share", 0.75}, {"of", 20}};
  document["rules"] = {"backprop"};
  return document;
}

// The text of the error of full() after `spoil`.
std::string refusal_of(Code code, const std::function<void(json&)>& spoil) {
  json document = full();
  spoil(document);
  return refusal(code, document);
}

void dynamics(json& document, const json& value) {
  document["network"]["layers"][1]["dynamics"] = value;
}

}  // namespace

TEST_CASE("dynamics, density, selected and silent units are read") {
  const NetworkSpec network = load(full()).arms[0].network;
  const DynamicsSpec& dynamics = network.layers[1].dynamics;
  CHECK(dynamics.type == "rate");
  CHECK(dynamics.tau == 50);
  CHECK(dynamics.integrator == "exponential");
  CHECK(dynamics.initial == 0.25);
  CHECK(dynamics.clamped == std::vector<std::pair<std::size_t, double>>{{1, 0.5}, {3, -1}});
  CHECK(network.layers[2].dynamics.type == "static");
  CHECK(network.connections[0].init.silent == std::vector<std::size_t>{0, 2});
  CHECK(network.connections[0].density == 1);
  CHECK(network.connections[1].density == 0.25);
  CHECK(network.connections[3].init.type == "select");
  CHECK(network.connections[3].init.units == std::vector<std::size_t>{4});
}

TEST_CASE("training on trials is read") {
  const Experiment experiment = load(full());
  const TrainingSpec& training = experiment.arms[0].training;
  CHECK(training.trials == 500);
  CHECK(training.warm_up == 40);
  CHECK(training.evaluate_every == 25);
  CHECK(training.loss.type == "mse");
  CHECK(training.reward.type == "sporadic");
  CHECK(training.reward.every == 12);
  CHECK(training.reward.offset == 1.5);
  CHECK(training.reward.baseline == "clean");
  CHECK(training.reward.decay == 0.5);
  CHECK(training.exploration.draws == 2);
  CHECK(training.exploration.rate == 3);
  CHECK(training.exploration.amplitude == 16);
  CHECK(training.exploration.from == 4);
  CHECK(training.exploration.on_potential);
  CHECK(training.exploration.weight_deviation == 0.125);
  CHECK(experiment.criterion.error == 0.5);
  CHECK(experiment.criterion.share == 0.75);
  CHECK(experiment.criterion.of == 20);
}

TEST_CASE("what a file in trials leaves out has the defaults that are documented") {
  const Experiment experiment = load(small_in_trials());
  const TrainingSpec& training = experiment.arms[0].training;
  CHECK(training.trials == 30);
  CHECK(training.warm_up == 0);
  CHECK(training.evaluate_every == 100);
  CHECK(training.loss.type == "absolute");
  CHECK(training.reward.type == "delayed");
  CHECK(training.reward.baseline == "mean");
  CHECK(training.reward.decay == 0.75);
  CHECK(training.reward.offset == 0);
  CHECK_FALSE(training.exploration.on_potential);
  CHECK(experiment.criterion.error == 1);
  CHECK(experiment.criterion.share == 0.95);
  CHECK(experiment.criterion.of == 100);
  CHECK(load(small()).arms[0].training.evaluate_every == 1);
}

TEST_CASE("a resolved experiment in time says all that the file said, and loads as itself") {
  const json resolved = to_json(load(full()));
  const json asked = full();
  CHECK(resolved["network"]["layers"][1]["dynamics"] == asked["network"]["layers"][1]["dynamics"]);
  CHECK(resolved["training"]["reward"] == asked["training"]["reward"]);
  CHECK(resolved["criterion"] == asked["criterion"]);
  CHECK(resolved["training"]["exploration"]["on"] == "potential");
  CHECK(resolved["training"]["trials"] == 500);
  CHECK(resolved["training"]["warm_up"] == 40);
  CHECK_FALSE(resolved["training"].contains("epochs"));
  CHECK(resolved["network"]["connections"][0]["init"]["silent"] == json{0, 2});
  CHECK(resolved["network"]["connections"][1]["density"] == 0.25);
  CHECK(resolved["network"]["connections"][3]["init"]["units"] == json{4});
  CHECK(to_json(load(resolved)) == resolved);
  const json defaults = to_json(load(small_in_trials()));
  CHECK(to_json(load(defaults)) == defaults);
}

TEST_CASE("an arm may train and explore in its own way") {
  json document = full();
  document["rules"] = json::parse(R"([{"rule": "backprop", "name": "a"},
    {"rule": "backprop", "name": "b", "training": {"warm_up": 7, "reward": "instantaneous"}}])");
  const Experiment experiment = load(document);
  CHECK(experiment.arms[0].training.warm_up == 40);
  CHECK(experiment.arms[1].training.warm_up == 7);
  CHECK(experiment.arms[1].training.reward.type == "instantaneous");
  CHECK(experiment.arms[1].training.trials == 500);
  const json resolved = to_json(experiment);
  CHECK(to_json(load(resolved)) == resolved);
}

TEST_CASE("keys of data sets are refused in trials, and those of trials with data") {
  for (const char* key : {"epochs", "batch"}) {
    CHECK_HAS(refusal_of(Code::E502, [&](json& d) { d["training"][key] = 3; }),
              std::string("/training/") + key + " is of tasks with data");
  }
  for (const char* key : {"trials", "warm_up"}) {
    CHECK_HAS(refusal(Code::E502, [&](json& d) { d["training"][key] = 3; }),
              std::string("/training/") + key + " is of tasks in trials");
  }
  CHECK_HAS(refusal(Code::E502, [](json& d) { d["training"]["reward"] = "delayed"; }),
            "/training/reward is of tasks in trials, and of networks that spike");
  for (const json& exploration :
       {json{{"rate", 3}}, json{{"amplitude", 3}}, json{{"from", 3}}, json{{"on", "potential"}}}) {
    CHECK_HAS(refusal(Code::E502, [&](json& d) { d["training"]["exploration"] = exploration; }),
              "is of tasks in trials");
  }
  CHECK_HAS(refusal_of(Code::E502,
                       [](json& d) {
                         d["criterion"] = {{"metric", "train_loss"}, {"at_most", 1}};
                       }),
            "/criterion/metric is of tasks with data");
  CHECK_HAS(refusal(Code::E502,
                    [](json& d) {
                      d["criterion"] = {{"of", 3}};
                    }),
            "/criterion/of is of tasks in trials");
}

TEST_CASE("dynamics that cannot be are errors with their place") {
  const auto says = [](Code code, const json& value) {
    return refusal_of(code, [&](json& d) { dynamics(d, value); });
  };
  const std::string place = "/network/layers/1/dynamics";
  CHECK_HAS(says(Code::E503, {{"type", "rate"}, {"clamped", {{1.5, 0}}}}),
            place + "/clamped/0 does not begin with the number of a unit");
  CHECK_HAS(says(Code::E503, {{"type", "rate"}, {"clamped", {{-1, 0}}}}), "found [-1,0]");
  CHECK_HAS(says(Code::E503, {{"type", "rate"}, {"clamped", {{1e30, 0}}}}),
            place + "/clamped/0 does not begin with the number of a unit");
  CHECK_HAS(says(Code::E503, {{"type", "rate"}, {"clamped", {{8, 0}}}}),
            place + "/clamped/0 does not begin with the number of a unit");
  CHECK_HAS(says(Code::E503, {{"type", "rate"}, {"tau", 0}}), place);
  CHECK_HAS(says(Code::E503, {{"type", "rate"}, {"integrator", "eler"}}),
            "did you mean \"euler\"?");
  CHECK_HAS(says(Code::E502, {{"type", "rate"}, {"taw", 3}}), "did you mean 'tau'?");
  CHECK_HAS(says(Code::E502, {{"type", "static"}, {"tau", 3}}), "/tau");
  CHECK_HAS(says(Code::E503, "rat"), "did you mean \"rate\"?");
  CHECK_HAS(refusal_of(Code::E503, [](json& d) { d["network"]["layers"][0]["dynamics"] = "rate"; }),
            "/network/layers/0/dynamics belong to the input layer");
}

TEST_CASE("only a layer with dynamics has a connection to itself") {
  const std::string text =
      refusal_of(Code::E511, [](json& d) { d["network"]["layers"][1].erase("dynamics"); });
  CHECK_HAS(text, "found hidden1 > hidden1");
  CHECK_HAS(text, "only a layer with dynamics or gates may have one, to itself");
  CHECK_HAS(
      refusal_of(Code::E511,
                 [](json& d) {
                   d["network"]["connections"].push_back({{"from", "hidden2"}, {"to", "hidden1"}});
                 }),
      "hidden1 > hidden2 > hidden1");
}

TEST_CASE("softmax units have no time") {
  CHECK_HAS(refusal_of(Code::E503,
                       [](json& d) {
                         d["network"]["layers"][3]["activation"] = "softmax";
                         d["network"]["layers"][3]["dynamics"] = "rate";
                       }),
            "/network/layers/3/activation is softmax, which units with time cannot have");
}

TEST_CASE("connections, rewards and criteria out of range are errors with their place") {
  const auto connection = [](std::size_t i, const char* key, const json& value) {
    return [=](json& d) { d["network"]["connections"][i][key] = value; };
  };
  CHECK_HAS(refusal_of(Code::E503, connection(1, "density", 0)), "/network/connections/1/density");
  CHECK_HAS(refusal_of(Code::E503, connection(1, "density", 1.5)),
            "/network/connections/1/density");
  CHECK_HAS(refusal_of(Code::E503, connection(3, "init", "select")), "units");
  CHECK_HAS(refusal_of(Code::E502, connection(3, "init", {{"type", "normal"}, {"units", {1}}})),
            "/network/connections/3/init/units");
  const auto reward = [](const json& value) {
    return [=](json& d) { d["training"]["reward"] = value; };
  };
  CHECK_HAS(refusal_of(Code::E503, reward("delaid")), "did you mean \"delayed\"?");
  CHECK_HAS(refusal_of(Code::E502, reward({{"type", "delayed"}, {"every", 3}})),
            "/training/reward/every");
  CHECK_HAS(refusal_of(Code::E503, reward({{"type", "delayed"}, {"decay", 1.5}})),
            "/training/reward");
  CHECK_HAS(refusal_of(Code::E503, reward({{"type", "delayed"}, {"baseline", "none"}})),
            "/training/reward/baseline is of networks that spike");
  CHECK_HAS(refusal_of(Code::E502, reward({{"type", "delayed"}, {"shuffled", true}})),
            "/training/reward/shuffled is of networks that spike");
  CHECK_HAS(refusal_of(Code::E503, reward({{"type", "sporadic"}, {"every", 0}})),
            "/training/reward");
  CHECK_HAS(refusal_of(Code::E503, [](json& d) { d["criterion"]["share"] = 95; }),
            "/criterion/share");
  CHECK_HAS(refusal_of(Code::E503, [](json& d) { d["criterion"]["of"] = 0; }), "/criterion/of");
}

TEST_CASE("a network that does not fit a task in trials hears of channels and outputs") {
  const auto refused = [](std::size_t channels, std::size_t outputs) {
    try {
      check_against(load(full()), channels, outputs);
    } catch (const Error& error) {
      return error.text();
    }
    return std::string();
  };
  CHECK(refused(2, 1).empty());
  CHECK(refused(3, 1) ==
        "error[E205] arm 'backprop': layer 'input' does not fit the task 'delayed-nonmatch'\n"
        "  expected 3 units, as the task has channels, found 2\n  try: \"units\": 3");
  CHECK(refused(2, 4) ==
        "error[E205] arm 'backprop': layer 'output' does not fit the task 'delayed-nonmatch'\n"
        "  expected 4 units, as the task has outputs, found 1\n  try: \"units\": 4");
}
