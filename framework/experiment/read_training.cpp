// SPDX-License-Identifier: Apache-2.0
// Optimizer, schedule, loss and exploration.
#include "experiment/read_specs.hpp"
#include "training/optimizer.hpp"

namespace deltaw::detail {
namespace {

ScheduleSpec read_schedule(const Node& node) {
  static const std::vector<KeysOfType> table = {{"constant", {}, {}},
                                                {"step", {"factor"}, {"every"}},
                                                {"exponential", {"factor"}, {}},
                                                {"cosine", {}, {"final_fraction"}},
                                                {"linear", {}, {"final_fraction"}},
                                                {"inverse", {}, {"every"}}};
  check_keys(node, table, {"warmup"});
  ScheduleSpec spec;
  node.read("type", spec.type);
  node.read("factor", spec.factor);
  node.read("every", spec.every);
  node.read("final_fraction", spec.final_fraction);
  node.read("warmup", spec.warmup);
  return spec;
}

RewardSpec read_reward(const Node& node) {
  check_keys(node, {{"delayed", {}, {}}, {"instantaneous", {}, {}}, {"sporadic", {}, {"every"}}},
             {"offset", "baseline", "decay", "shuffled"});
  RewardSpec spec;
  node.read("type", spec.type);
  node.read("every", spec.every);
  node.read("offset", spec.offset);
  node.read("baseline", spec.baseline);
  node.read("decay", spec.decay);
  node.read("shuffled", spec.is_shuffled);
  return spec;
}

// Keys of the other kind of training would do nothing.
void check_kind(const Node& node, bool is_in_trials) {
  const auto refuse = [&](std::initializer_list<const char*> keys, const char* meant) {
    for (const char* key : keys) {
      if (!node.has(key)) continue;
      node[key].fail(Code::E502, fmt::format("is of tasks {}", meant),
                     {.hint = is_in_trials ? "\"trials\"" : "\"epochs\" and \"batch\""});
    }
  };
  if (is_in_trials) {
    refuse({"epochs", "batch"}, "with data");
  } else {
    refuse({"trials", "warm_up", "pieces"}, "in trials");
    if (!node.has("exploration")) return;
    for (const char* key : {"rate", "amplitude", "from", "on"}) {
      if (!node["exploration"].has(key)) continue;
      node["exploration"][key].fail(Code::E502, "is of tasks in trials", {.hint = "\"deviation\""});
    }
  }
}

}  // namespace

OptimizerSpec read_optimizer(const Node& node) {
  static const std::vector<KeysOfType> table = {{"sgd", {}, {}},
                                                {"momentum", {}, {"momentum"}},
                                                {"nesterov", {}, {"momentum"}},
                                                {"rmsprop", {}, {"decay", "epsilon"}},
                                                {"adam", {}, {"beta1", "beta2", "epsilon"}},
                                                {"adadelta", {}, {"decay", "epsilon"}},
                                                {"exponentiated-gradient", {}, {}}};
  check_keys(node, table, {"rate", "weight_decay", "clip", "schedule"});
  OptimizerSpec spec = default_optimizer(node["type"].as<std::string>());
  node.read("rate", spec.rate);
  node.read("momentum", spec.momentum);
  node.read("decay", spec.decay);
  node.read("beta1", spec.beta1);
  node.read("beta2", spec.beta2);
  node.read("epsilon", spec.epsilon);
  node.read("weight_decay", spec.weight_decay);
  node.read("clip", spec.clip);
  if (node.has("schedule")) spec.schedule = read_schedule(node["schedule"]);
  return spec;
}

TrainingSpec read_training(const Node& node, bool is_in_trials) {
  TrainingSpec spec;
  if (is_in_trials) {
    spec.loss.type = "absolute";
    spec.evaluate_every = 100;
  }
  check_kind(node, is_in_trials);
  node.read("epochs", spec.epochs);
  node.read("batch", spec.batch);
  node.read("trials", spec.trials);
  node.read("warm_up", spec.warm_up);
  node.read("pieces", spec.pieces);
  node.read("evaluate_every", spec.evaluate_every);
  if (node.has("reward")) spec.reward = read_reward(node["reward"]);
  if (node.has("loss")) {
    const Node loss = node["loss"];
    check_keys(loss, {{"cross-entropy", {}, {}},
                      {"mse", {}, {"reduction"}},
                      {"absolute", {}, {"reduction"}},
                      {"none", {}, {}}});
    loss.read("type", spec.loss.type);
    loss.read("reduction", spec.loss.reduction);
  }
  if (node.has("exploration")) {
    const Node exploration = node["exploration"];
    exploration.read("deviation", spec.exploration.deviation);
    exploration.read("draws", spec.exploration.draws);
    exploration.read("rate", spec.exploration.rate);
    exploration.read("amplitude", spec.exploration.amplitude);
    exploration.read("from", spec.exploration.from);
    exploration.read("weight_deviation", spec.exploration.weight_deviation);
    if (exploration.has("on")) {
      spec.exploration.on_potential = exploration["on"].json() == "potential";
    }
  }
  return spec;
}

Precision read_precision(const Node& training) {
  const bool is_double = training.has("precision") && training["precision"].json() == "float64";
  return is_double ? Precision::float64 : Precision::float32;
}

}  // namespace deltaw::detail
