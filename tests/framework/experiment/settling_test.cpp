// SPDX-License-Identifier: Apache-2.0
// Networks that settle, normalised layers and inputs for labels, in an experiment.
#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

// small() with linear units and mse.
json smooth() {
  json document = small();
  document["network"]["layers"][3]["activation"] = "linear";
  document["training"]["loss"] = "mse";
  return document;
}

const json k_settling = {{"free_steps", 30}};

}  // namespace

TEST_CASE("a network settles for one arm or for all, and survives being written out") {
  json document = smooth();
  document["network"]["settling"] = k_settling;
  document["rules"][1]["network"] = {{"settling", false}};
  const Experiment one = load(document);
  CHECK(one.arms[0].network.settling.free_steps == 30);
  CHECK(one.arms[0].network.settling.nudged_steps == 10);
  CHECK(one.arms[0].network.settling.step == 0.5);
  CHECK_FALSE(one.arms[1].network.settling.exists());
  CHECK_FALSE(load(to_json(one)).arms[1].network.settling.exists());
  CHECK(to_json(load(to_json(one))) == to_json(one));

  document = smooth();
  document["rules"][1]["network"] = {
      {"settling", {{"free_steps", 40}, {"nudged_steps", 5}, {"step", 0.25}}}};
  const Experiment other = load(document);
  CHECK_FALSE(other.arms[0].network.settling.exists());
  CHECK(other.arms[1].network.settling.free_steps == 40);
  CHECK(other.arms[1].network.settling.nudged_steps == 5);
  CHECK(other.arms[1].network.settling.step == 0.25);
  CHECK(other.arms[1].network.layers.size() == 4);
  CHECK(to_json(load(to_json(other))) == to_json(other));
}

TEST_CASE("a network that cannot settle is refused, with its place") {
  const auto with = [](const std::function<void(json&)>& spoil) {
    return [spoil](json& document) {
      document["network"]["settling"] = k_settling;
      spoil(document);
    };
  };
  CHECK_HAS(refusal(Code::E503, with([](json&) {})),
            "/network/settling cannot be: a network that settles needs activations without jumps");
  CHECK_HAS(refusal(Code::E503, with([](json& d) { d["network"]["settling"]["step"] = 2; })),
            "/network/settling");
  CHECK_HAS(refusal(Code::E502, with([](json& d) { d["network"]["settling"]["steps"] = 2; })),
            "known: free_steps, nudged_steps, step");
}

TEST_CASE("a normalised layer is written in full or as N, and is as wide as its source") {
  json document = small();
  document["network"] = {{"layers", "64-20-N-10"}};
  document["rules"] = {"backprop"};
  const NetworkSpec network = load(document).arms[0].network;
  CHECK(network.layers[2].type == "normalise");
  CHECK(network.layers[2].units == 20);
  CHECK_FALSE(network.layers[2].bias);
  CHECK(to_json(load(to_json(load(document)))) == to_json(load(document)));
}

TEST_CASE("label inputs reach the training of every arm, and are not of contexts") {
  json document = small();
  CHECK_FALSE(load(document).arms[0].training.has_label_inputs);
  document["task"]["label_inputs"] = true;
  const Experiment experiment = load(document);
  CHECK(experiment.task.has_label_inputs);
  CHECK(experiment.arms[1].training.has_label_inputs);
  CHECK(load(to_json(experiment)).arms[1].training.has_label_inputs);
  document["task"]["sequence"] = {{"type", "split"}};
  CHECK_HAS(refusal(Code::E503, document), "/task/label_inputs");
}
