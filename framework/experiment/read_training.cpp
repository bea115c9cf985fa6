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

TrainingSpec read_training(const Node& node) {
  TrainingSpec spec;
  node.read("epochs", spec.epochs);
  node.read("batch", spec.batch);
  node.read("evaluate_every", spec.evaluate_every);
  if (node.has("loss")) {
    const Node loss = node["loss"];
    check_keys(loss, {{"cross-entropy", {}, {}}, {"mse", {}, {"reduction"}}});
    loss.read("type", spec.loss.type);
    loss.read("reduction", spec.loss.reduction);
  }
  if (node.has("exploration")) {
    node["exploration"].read("deviation", spec.exploration.deviation);
    node["exploration"].read("draws", spec.exploration.draws);
  }
  return spec;
}

Precision read_precision(const Node& training) {
  const bool is_double = training.has("precision") && training["precision"].json() == "float64";
  return is_double ? Precision::float64 : Precision::float32;
}

}  // namespace deltaw::detail
