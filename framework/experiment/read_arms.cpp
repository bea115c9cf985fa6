// SPDX-License-Identifier: Apache-2.0
// What an arm leaves out it takes from the experiment; what the experiment leaves out has a
// default.
#include "experiment/read_arms.hpp"

#include <optional>
#include <set>

#include "core/naming_arm.hpp"
#include "experiment/drives.hpp"
#include "experiment/merge.hpp"
#include "experiment/network_checks.hpp"
#include "experiment/read_specs.hpp"
#include "network/graph.hpp"

namespace deltaw::detail {
namespace {

using nlohmann::json;

void check_loss(const TrainingSpec& training, const NetworkSpec& network, const Node& node,
                const Node& task) {
  if (training.loss.is_none() && task.has("trials")) {
    node.fail(Code::E503, "has no loss, which a task in trials needs",
              {.hint = "\"loss\": \"absolute\" or \"mse\""});
  }
  if (training.loss.type != "cross-entropy") return;
  if (task.json().value("targets", "one-hot") == "signed") {
    node.fail(Code::E503, "has the loss cross-entropy, which needs targets between 0 and 1",
              {.expected = "\"targets\": \"one-hot\" in the task",
               .found = "\"signed\"",
               .hint = "\"loss\": \"mse\", or one-hot targets"});
  }
  const std::string& output = network.layers.back().activation.type;
  if (output == "softmax" || output == "sigmoid") return;
  node.fail(Code::E503, "has the loss cross-entropy, which needs an output between 0 and 1",
            {.expected = "output activation softmax or sigmoid",
             .found = output,
             .hint = "\"loss\": \"mse\", or another output activation"});
}

// A protocol is applied to networks that spike; there alone may all weights stay as they are.
void check_protocol(const Arm& arm, const Node& node, const Node& training, const Node& task) {
  if (!task.has("protocol")) {
    if (!arm.drives.empty()) return;
    node["drive"].fail(Code::E503, "is empty, so that nothing learns",
                       {.hint = "\"rule\": the id of one; `deltaw rules` lists them"});
  }
  if (!arm.spiking) {
    task["protocol"].fail(Code::E503, "is of networks that spike, and this one does not",
                          {.found = fmt::format("arm '{}'", arm.name),
                           .hint = "a \"source\" and \"dynamics\": \"spiking\""});
  }
  for (const auto& [key, unused] : training.json().items()) {
    if (key == "precision" || key == "loss") continue;
    training[key].fail(Code::E502, "is not of protocols, which say themselves what is shown",
                       {.hint = "leave it out"});
  }
}

void check_presentation(const Arm& arm, const Node& training, const Node& task) {
  if (!arm.spiking) {
    if (!training.has("presentation")) return;
    training["presentation"].fail(Code::E502, "is of networks that spike",
                                  {.hint = "give it to the arms that do"});
  }
  if (task.has("trials")) {
    task.fail(Code::E503, "is in trials, which a spiking network cannot learn from yet",
              {.hint = "a task with data"});
  }
  if (arm.training.loss.is_none()) return;
  training.fail(Code::E503, "has a loss, which a spiking network does not",
                {.hint = "\"loss\": \"none\""});
}

// A sample is rewarded once, where units answer with spikes; nothing else has rewards but trials.
void read_reward_of(Arm& arm, const Node& training, const Node& task) {
  RewardSpec& reward = arm.training.reward;
  if (!training.has("reward")) {
    if (arm.spiking) reward.type = "none";
    return;
  }
  const Node node = training["reward"];
  if (task.has("trials")) {
    if (reward.is_shuffled) {
      node["shuffled"].fail(Code::E502, "is of networks that spike", {.hint = "leave it out"});
    }
    if (reward.baseline != "none") return;
    node["baseline"].fail(Code::E503, "is of networks that spike",
                          {.expected = "\"mean\" or \"clean\"", .found = "\"none\""});
  }
  if (!arm.spiking) {
    node.fail(Code::E502, "is of tasks in trials, and of networks that spike",
              {.hint = "give it to the arms that do"});
  }
  if (reward.type != "delayed") {
    node.fail(Code::E503, fmt::format("is '{}', which a sample cannot be", reward.type),
              {.expected = "\"delayed\": once, when it has been shown"});
  }
  if (reward.baseline != "clean") return;
  node["baseline"].fail(Code::E503, "is of tasks in trials",
                        {.expected = "\"none\" or \"mean\"", .found = "\"clean\""});
}

// What a spiking arm itself asks for in vain; a shared section may serve other arms.
void check_spiking_training(const Node& own) {
  for (const char* key : {"batch", "exploration"}) {
    if (!own.has(key)) continue;
    own[key].fail(Code::E502, "is of networks that do not spike", {.hint = "leave it out"});
  }
}

NetworkSpec read_checked_network(const Node& layers, const Node& connections) {
  NetworkSpec network = read_network(layers, connections);
  check_network(network, layers, connections);
  return network;
}

// Reads what makes the network settle; here its graph can be named in the message.
void read_settling_of(const Node& node, NetworkSpec& network) {
  network.settling = read_settling(node);
  try {
    static_cast<void>(make_graph(network));
  } catch (const Error& error) {
    node.fail(error.code(), "cannot be: " + error.headline(), error.detail());
  }
}

void read_network_of(const Node& node, const Node& document, Arm& arm) {
  const Node shared = document["network"];
  const Node own = node.has("network") ? node["network"] : shared;
  const auto place_of = [&](const char* key) { return own.has(key) ? own : shared; };
  const Node layers = place_of("layers")["layers"];
  const Node connections = place_of("connections")["connections"];
  if (!is_spiking(layers)) {
    if (own.has("dt")) own["dt"].fail(Code::E502, "is of networks that spike");
    arm.network = read_checked_network(layers, connections);
    if (!place_of("settling").has("settling")) return;
    const Node settling = place_of("settling")["settling"];
    if (settling.json() != false) read_settling_of(settling, arm.network);
    return;
  }
  if (own.has("settling")) {
    own["settling"].fail(Code::E502, "is of networks that do not spike", {.hint = "leave it out"});
  }
  arm.spiking = read_spiking(layers, connections);
  place_of("dt").read("dt", arm.spiking->dt);
  arm.network = outline_of(*arm.spiking);
}

// `key` of the document as the arm changes it, and where to point in a message about it.
json section(const Node& document, const Node& arm, const char* key, json fallback) {
  if (document.has(key)) fallback = merged(fallback, document[key].json());
  return arm.has(key) ? merged(fallback, arm[key].json()) : fallback;
}

Node place_of(const Node& document, const Node& arm, const char* key, const json& value) {
  if (arm.has(key)) return arm[key].with(value);
  return document.has(key) ? document[key].with(value) : document.with(value);
}

}  // namespace

std::vector<Arm> read_arms(const Node& document) {
  std::vector<Arm> arms;
  std::set<std::string> names;
  for (const Node& node : document["rules"].items()) {
    if (!node.has("name")) {
      node.fail(Code::E503, "needs a \"name\"", {.hint = "or a \"rule\" that names it"});
    }
    check_file_name(node["name"]);
    Arm arm;
    node.read("name", arm.name);
    if (!names.insert(arm.name).second) {
      node.fail(Code::E503, fmt::format("has the name '{}', which is taken", arm.name),
                {.hint = "give each arm a \"name\" of its own"});
    }
    if (node.has("network")) {
      naming_arm(arm.name, [&] { read_network_of(node, document, arm); });
    } else {
      read_network_of(node, document, arm);
    }

    json training = section(document, node, "training", json::object());
    if (arm.spiking && !training.contains("loss")) training["loss"] = {{"type", "none"}};
    const Node training_node = place_of(document, node, "training", training);
    arm.training = read_training(training_node, document["task"].has("trials"));
    arm.training.has_label_inputs = document["task"].json().value("label_inputs", false);
    arm.precision = read_precision(training_node);
    arm.alignment = read_alignment(training_node, arm.network, document["task"].has("trials"));
    check_presentation(arm, training_node, document["task"]);
    read_reward_of(arm, training_node, document["task"]);
    if (arm.spiking && node.has("training")) check_spiking_training(node["training"]);
    check_loss(arm.training, arm.network, training_node, document["task"]);
    if (arm.spiking) {
      arm.spiking->presentation = read_presentation(training_node);
      if (!training.contains("evaluate_every")) arm.training.evaluate_every = 1000;
    }

    const json optimizer = section(document, node, "optimizer", {{"type", "sgd"}});
    std::optional<std::size_t> epochs;
    if (!document["task"].has("trials")) epochs = arm.training.epochs;
    std::optional<double> rate;
    if (arm.spiking) rate = 1;  // rules of spikes have their own amplitudes
    arm.drives = read_drives(node, arm.network, place_of(document, node, "optimizer", optimizer),
                             epochs, rate);
    check_protocol(arm, node, training_node, document["task"]);
    if (node.has("tune")) arm.tune = read_ranges(node["tune"]);
    arms.push_back(std::move(arm));
  }
  return arms;
}

}  // namespace deltaw::detail
