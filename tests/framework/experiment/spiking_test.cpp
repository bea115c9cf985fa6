// SPDX-License-Identifier: Apache-2.0
// Spiking networks in an experiment.
#include <cmath>

#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json spiking() {
  return json::parse(R"({
    "deltaw": 1,
    "name": "spikes",
    "task": {"type": "digits"},
    "network": {
      "dt": 0.25,
      "layers": [
        {"name": "input", "units": 64, "source": {"type": "poisson", "rate": 40}},
        {"name": "excitatory", "units": 8, "dynamics": {"type": "spiking", "model": "conductance",
          "tau": 100, "rest": -66, "threshold": -52, "refractory": 5, "start": -105, "current": 2,
          "excitatory": {"tau": 1, "reversal": 3}, "inhibitory": {"tau": 2, "reversal": -100},
          "adaptation": {"start": 20, "increment": 0.05, "tau": 1e6, "offset": 21},
          "integrator": "exponential"}},
        {"name": "inhibitory", "units": 8, "dynamics": "spiking"}],
      "connections": [
        {"from": "input", "to": "excitatory", "delay": {"low": 1, "high": 10}, "sum": 78,
         "init": {"type": "uniform", "low": 0, "high": 0.3}, "constraint": {"bounds": [0, 1]}},
        {"from": "excitatory", "to": "inhibitory", "pattern": "one-to-one", "delay": 1.5,
         "init": {"type": "constant", "value": 10.4}, "plastic": false},
        {"from": "inhibitory", "to": "excitatory", "receptor": "inhibitory", "pattern": "random",
         "density": 0.25, "init": {"type": "constant", "value": 17}, "plastic": false}]},
    "training": {"epochs": 2, "presentation": {"layer": "excitatory", "show": 100, "rest": 50,
      "least_spikes": 5, "raise": 0.25, "most_repeats": 3}},
    "features": {"layer": "excitatory", "readouts": ["population"]},
    "rules": ["stdp"]
  })");
}

std::string refusal_of(Code code, const std::function<void(json&)>& spoil) {
  json document = spiking();
  spoil(document);
  return refusal(code, document);
}

}  // namespace

TEST_CASE("a spiking network is read as it is written") {
  const Arm arm = load(spiking()).arms.front();
  REQUIRE(arm.spiking);
  const SpikingSpec& network = *arm.spiking;
  CHECK(network.dt == 0.25);
  CHECK(network.layers[0].is_source);
  CHECK(network.layers[0].source.rate == 40);
  const LeakySpec& leaky = network.layers[1].leaky;
  CHECK(leaky.model == "conductance");
  CHECK(leaky.rest == -66);
  CHECK(leaky.reset == -66);  // rest where nothing is said
  CHECK(leaky.initial == -105);
  CHECK(leaky.current == 2);
  CHECK(leaky.excitatory_tau == 1);
  CHECK(leaky.excitatory_reversal == 3);
  CHECK(leaky.inhibitory_tau == 2);
  CHECK(leaky.inhibitory_reversal == -100);
  CHECK(leaky.theta == 20);
  CHECK(leaky.theta_increment == 0.05);
  CHECK(leaky.theta_tau == 1e6);
  CHECK(leaky.theta_offset == 21);
  CHECK(leaky.integrator == "exponential");
  CHECK(std::isnan(network.layers[2].leaky.initial));
  CHECK(network.connections[0].delay.low == 1);
  CHECK(network.connections[0].delay.high == 10);
  CHECK(network.connections[0].sum == 78);
  CHECK(network.connections[0].constraint.high == 1);
  CHECK(network.connections[0].plastic);
  CHECK(network.connections[1].pattern == "one-to-one");
  CHECK(network.connections[1].delay.low == 1.5);
  CHECK(network.connections[1].delay.high == 1.5);
  CHECK_FALSE(network.connections[1].plastic);
  CHECK(network.connections[2].receptor == "inhibitory");
  CHECK(network.connections[2].density == 0.25);
  CHECK(network.presentation.layer == "excitatory");
  CHECK(network.presentation.show == 100);
  CHECK(network.presentation.rest == 50);
  CHECK(network.presentation.least_spikes == 5);
  CHECK(network.presentation.raise == 0.25);
  CHECK(network.presentation.most_repeats == 3);
  CHECK(arm.training.loss.is_none());
  CHECK(arm.training.evaluate_every == 1000);
  CHECK(arm.drives.front().optimizer.rate == 1);
  CHECK(arm.drives.front().connections == std::vector<std::string>{"input>excitatory"});
}

TEST_CASE(
    "the rate of rules of spikes is 1 where none is given, however the optimizer is written") {
  json document = spiking();
  document["optimizer"] = "sgd";
  CHECK(load(document).arms.front().drives.front().optimizer.rate == 1);
  document["rules"] = json::parse(R"([{"name": "a", "drive": [
    {"connections": ["*"], "rule": "stdp", "optimizer": {"type": "sgd", "schedule": "linear"}}]}])");
  CHECK(load(document).arms.front().drives.front().optimizer.rate == 1);
  document["rules"] = {"stdp"};
  document["optimizer"] = {{"type", "sgd"}, {"rate", 0.5}};
  CHECK(load(document).arms.front().drives.front().optimizer.rate == 0.5);
}

TEST_CASE("a resolved spiking network is read as the same one again") {
  const json once = to_json(load(spiking()));
  CHECK(once["network"]["layers"][1]["dynamics"]["reset"] == -66);
  CHECK(once["network"]["connections"][1]["delay"] == json{{"low", 1.5}, {"high", 1.5}});
  CHECK_FALSE(once["training"].contains("batch"));
  CHECK(to_json(load(once)) == once);
}

TEST_CASE("an arm may spike beside one that does not") {
  json document = spiking();
  document["training"] = {{"loss", "none"}};
  json layers = small()["network"]["layers"];
  layers[2]["name"] = "excitatory";
  document["rules"].push_back(
      {{"name", "static"}, {"rule", "bcm"}, {"network", {{"layers", layers}}}});
  const Experiment experiment = load(document);
  CHECK(experiment.arms[0].spiking);
  CHECK_FALSE(experiment.arms[1].spiking);
}

TEST_CASE("what does not belong to spiking networks, or only to them, is refused") {
  const auto layer = [](json& document, int i) -> json& {
    return document["network"]["layers"][static_cast<std::size_t>(i)];
  };
  CHECK_HAS(refusal_of(Code::E502, [&](json& d) { layer(d, 1)["bias"] = true; }), "do not spike");
  CHECK_HAS(refusal_of(Code::E503, [&](json& d) { layer(d, 2)["dynamics"] = "rate"; }),
            "/network/layers/2 does not spike");
  CHECK_HAS(refusal_of(Code::E503, [&](json& d) { layer(d, 0)["dynamics"] = "spiking"; }),
            "belong to a source");
  CHECK_HAS(refusal_of(Code::E502, [&](json& d) { layer(d, 1)["dynamics"]["model"] = "current"; }),
            "is of the model conductance");
  CHECK_HAS(refusal_of(Code::E502, [&](json& d) { layer(d, 0)["source"]["window"] = 3; }),
            "unknown key of type 'poisson'");
  CHECK_HAS(
      refusal_of(Code::E503, [](json& d) { d["network"]["connections"][0]["density"] = 0.5; }),
      "not the pattern random");
  CHECK_HAS(
      refusal_of(Code::E510, [](json& d) { d["network"]["connections"][0]["to"] = "excitatry"; }),
      "did you mean 'excitatory'");
  CHECK_HAS(refusal_of(Code::E502,
                       [](json& d) { d["network"]["connections"][0]["constraint"]["norm"] = 1; }),
            "do not spike");
  CHECK_HAS(refusal_of(Code::E503, [](json& d) { d["training"]["loss"] = "mse"; }), "has a loss");
  CHECK_HAS(refusal_of(Code::E503,
                       [](json& d) {
                         d["task"] = {{"trials", "delayed-nonmatch"}};
                         d.erase("training");
                         d.erase("features");
                       }),
            "in trials");
  CHECK_HAS(refusal(Code::E502, [](json& d) { d["training"]["presentation"] = json::object(); }),
            "is of networks that spike");
  CHECK_HAS(refusal_of(Code::E502,
                       [](json& d) {
                         d["rules"][0] = {{"rule", "stdp"}, {"training", {{"batch", 10}}}};
                       }),
            "/rules/0/training/batch is of networks that do not spike");
  CHECK_HAS(refusal(Code::E502, [](json& d) { d["network"]["dt"] = 1; }),
            "is of networks that spike");
  CHECK_HAS(refusal(Code::E502,
                    [](json& d) {
                      d["network"]["connections"] =
                          json::array({{{"from", "input"}, {"to", "output"}, {"sum", 1}}});
                    }),
            "is of layers that spike");
}

TEST_CASE("a reward is given where it is asked for, and read again as it was") {
  CHECK(load(spiking()).arms.front().training.reward.type == "none");
  CHECK_FALSE(to_json(load(spiking()))["training"].contains("reward"));
  json document = spiking();
  document["training"]["reward"] = "delayed";
  CHECK(load(document).arms.front().training.reward.baseline == "mean");
  document["training"]["reward"] = {
      {"type", "delayed"}, {"offset", 0.5}, {"baseline", "none"}, {"decay", 0.25}};
  const RewardSpec reward = load(document).arms.front().training.reward;
  CHECK(reward.type == "delayed");
  CHECK(reward.offset == 0.5);
  CHECK(reward.baseline == "none");
  CHECK(reward.decay == 0.25);
  CHECK_FALSE(reward.is_shuffled);
  CHECK(to_json(load(document))["training"]["reward"] == document["training"]["reward"]);
  document["training"]["reward"]["shuffled"] = true;
  CHECK(load(document).arms.front().training.reward.is_shuffled);
  CHECK(to_json(load(document))["training"]["reward"] == document["training"]["reward"]);

  const auto given = [](const json& value) {
    return [=](json& d) { d["training"]["reward"] = value; };
  };
  CHECK_HAS(refusal_of(Code::E503, given("sporadic")), "is 'sporadic', which a sample cannot be");
  CHECK_HAS(refusal_of(Code::E503, given({{"type", "delayed"}, {"baseline", "clean"}})),
            "/training/reward/baseline is of tasks in trials");
  CHECK_HAS(refusal_of(Code::E503, given({{"type", "delayed"}, {"decay", 1}})), "decay");
  CHECK_HAS(refusal_of(Code::E503, given({{"type", "delayed"}, {"shuffled", 1}})), "shuffled");
  CHECK_HAS(refusal_of(Code::E502, given({{"type", "delayed"}, {"shufled", true}})),
            "did you mean 'shuffled'?");
}
