// SPDX-License-Identifier: Apache-2.0
// A task, a network of some dynamics, and what the training offers, put together.
#include "comparison/matrix_experiments.hpp"

#include <deltaw/abi.h>
#include <fmt/format.h>

namespace deltaw {
namespace {

using nlohmann::json;

constexpr const char* k_hidden = "hidden";

struct Sizes {
  std::size_t inputs, outputs;
};

bool is_in_trials(const std::string& task) {
  return task == "delayed-nonmatch" || task == "selective-integration" || task == "sine-sum";
}

Sizes sizes_of(const std::string& task) {
  if (!is_in_trials(task)) return {64, 10};
  return {task == "delayed-nonmatch" ? 2u : task == "selective-integration" ? 4u : 1u, 1};
}

json task_of(const std::string& task) {
  if (is_in_trials(task)) return {{"trials", task}};
  return {{"type", "digits"},
          {"label_inputs", true},
          {"split", {{"train", 0.5}, {"limit_train", 20}, {"limit_test", 20}}}};
}

json layer(const char* name, std::size_t units) { return {{"name", name}, {"units", units}}; }

json static_network(const std::string& task, bool has_hidden) {
  const auto [inputs, outputs] = sizes_of(task);
  json layers = {layer("input", inputs)};
  const bool is_taught = task != "features";
  if (has_hidden) {
    layers.push_back(layer(k_hidden, 6));
    layers.back()["activation"] = "relu";
  }
  if (is_taught) {
    layers.push_back(layer("output", outputs));
    layers.back()["activation"] = "softmax";
  }
  return {{"layers", layers}};
}

// As the paper of equilibrium propagation has it: units within 0 and 1.
json settling_network(const std::string& task, bool has_hidden) {
  json network = static_network(task, has_hidden);
  for (json& layer : network["layers"]) {
    if (!layer.contains("activation")) continue;
    layer["activation"] = {{"type", "clipped-linear"}, {"maximum", 1}};
  }
  network["settling"] = {{"free_steps", 5}, {"nudged_steps", 2}};
  return network;
}

json rate_network(const std::string& task) {
  const auto [inputs, outputs] = sizes_of(task);
  json hidden = layer(k_hidden, 6);
  hidden.update({{"activation", "tanh"}, {"dynamics", "rate"}, {"bias", false}});
  json output = layer("output", outputs);
  output["bias"] = false;
  if (!is_in_trials(task)) output["activation"] = "softmax";
  return {{"layers", {layer("input", inputs), hidden, output}},
          {"connections",
           {{{"from", "input"}, {"to", k_hidden}, {"plastic", false}},
            {{"from", k_hidden}, {"to", k_hidden}},
            {{"from", k_hidden}, {"to", "output"}, {"plastic", false}}}}};
}

json spiking_network(const std::string& task) {
  json input = layer("input", sizes_of(task).inputs);
  input["source"] = {{"type", "poisson"}, {"rate", 200}};
  json hidden = layer(k_hidden, 10);
  hidden["dynamics"] = "spiking";
  return {{"layers", {input, hidden}},
          {"connections",
           {{{"from", "input"},
             {"to", k_hidden},
             {"init", {{"type", "uniform"}, {"low", 0.2}, {"high", 0.8}}},
             {"constraint", {{"bounds", {0, 1}}}}}}}};
}

// In the notation of a published table; empty where units are in plain layers.
std::string table_notation(const std::string& task) {
  return task == "images" ? "8x8-C3x2-MP-10" : task == "sequences" ? "8x8-row GRU4-10" : "";
}

json network_of(Dynamics dynamics, const std::string& task, bool has_hidden) {
  const std::string notation = table_notation(task);
  if (!notation.empty()) return {{"layers", notation}};
  if (dynamics == Dynamics::fixed) return static_network(task, has_hidden);
  if (dynamics == Dynamics::settling) return settling_network(task, has_hidden);
  return dynamics == Dynamics::rate ? rate_network(task) : spiking_network(task);
}

bool is_in_batches(Dynamics dynamics) {
  return dynamics == Dynamics::fixed || dynamics == Dynamics::settling;
}

json training_of(Dynamics dynamics, const std::string& task, const char* reward) {
  json training = json::object();
  if (!is_in_trials(task)) {
    training["epochs"] = 1;
    if (dynamics == Dynamics::settling) training["loss"] = "mse";
    if (task == "features") training["loss"] = "none";
  } else {
    training["trials"] = 2;
    training["reward"] = reward;
  }
  if (dynamics == Dynamics::spiking) {
    training["presentation"] = {
        {"layer", k_hidden}, {"show", 20}, {"rest", 5}, {"least_spikes", 0}};
  } else if (dynamics == Dynamics::rate && is_in_trials(task)) {
    training["exploration"] = {{"rate", 20}, {"amplitude", 1}, {"weight_deviation", 0.001}};
  } else if (is_in_batches(dynamics) && task != "features") {
    training["exploration"] = {{"deviation", 0.01}, {"weight_deviation", 0.001}};
  }
  return training;
}

// The rule, with the hidden layer's name where it asks for a layer by name.
json arm_of(const RuleSpec& rule) {
  json arm = {{"rule", rule.id}, {"optimizer", {{"rate", 1e-4}}}};
  if (rule.scope != Scope::network) return arm;
  for (const ParameterSpec& parameter : rule.parameters) {
    if (parameter.type == ParameterSpec::Type::string) arm["parameters"][parameter.name] = k_hidden;
  }
  return arm;
}

json experiment(const RuleSpec& rule, Dynamics dynamics, const std::string& task, bool has_hidden,
                const char* reward) {
  json out = {{"deltaw", 1},
              {"name", fmt::format("{}-{}-{}", rule.id, name_of(dynamics), task)},
              {"task", task_of(task)},
              {"network", network_of(dynamics, task, has_hidden)},
              {"training", training_of(dynamics, task, reward)},
              {"rules", {arm_of(rule)}},
              {"seeds", 1}};
  if (dynamics == Dynamics::spiking) out["rules"][0].erase("optimizer");
  if ((rule.capabilities & DELTAW_CAP_F32) == 0) out["training"]["precision"] = "float64";
  if (task == "features") out["features"] = {{"layer", k_hidden}, {"readouts", {"labels"}}};
  return out;
}

}  // namespace

std::vector<std::string> matrix_tasks() {
  return {"classes", "images", "sequences", "features", "delayed-nonmatch", "selective-integration",
          "sine-sum"};
}

std::vector<json> matrix_experiments(const RuleSpec& rule, Dynamics dynamics,
                                     const std::string& task) {
  if (dynamics != Dynamics::fixed && !table_notation(task).empty()) return {};
  std::vector<json> out = {experiment(rule, dynamics, task, true, "delayed")};
  if (is_in_trials(task)) out.push_back(experiment(rule, dynamics, task, true, "instantaneous"));
  if (is_in_batches(dynamics) && task == "classes") {
    out.push_back(experiment(rule, dynamics, task, false, "delayed"));
  }
  if (dynamics == Dynamics::spiking && task == "classes") {
    out.push_back(out.front());
    out.back()["training"]["presentation"] = {{"show", 20}, {"rest", 5}};
    out.back()["training"]["reward"] = {{"type", "delayed"}};
  }
  return out;
}

}  // namespace deltaw
