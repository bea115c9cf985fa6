// SPDX-License-Identifier: Apache-2.0
// What an arm leaves out it takes from the experiment; what the experiment leaves out has a
// default.
#include "experiment/read_arms.hpp"

#include <optional>
#include <set>

#include "experiment/drives.hpp"
#include "experiment/merge.hpp"
#include "experiment/network_checks.hpp"
#include "experiment/read_specs.hpp"

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

NetworkSpec read_checked_network(const Node& layers, const Node& connections) {
  NetworkSpec network = read_network(layers, connections);
  check_network(network, layers, connections);
  return network;
}

NetworkSpec network_of(const Node& arm, const Node& document) {
  const Node shared = document["network"];
  if (!arm.has("network")) return read_checked_network(shared["layers"], shared["connections"]);
  const Node own = arm["network"];
  return read_checked_network((own.has("layers") ? own : shared)["layers"],
                              (own.has("connections") ? own : shared)["connections"]);
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
    arm.network = network_of(node, document);

    const json training = section(document, node, "training", json::object());
    const Node training_node = place_of(document, node, "training", training);
    arm.training = read_training(training_node, document["task"].has("trials"));
    arm.precision = read_precision(training_node);
    arm.alignment = read_alignment(training_node);
    check_loss(arm.training, arm.network, training_node, document["task"]);

    const json optimizer = section(document, node, "optimizer", {{"type", "sgd"}});
    std::optional<std::size_t> epochs;
    if (!document["task"].has("trials")) epochs = arm.training.epochs;
    arm.drives =
        read_drives(node, arm.network, place_of(document, node, "optimizer", optimizer), epochs);
    arms.push_back(std::move(arm));
  }
  return arms;
}

}  // namespace deltaw::detail
