// SPDX-License-Identifier: Apache-2.0
// The inverse of read_specs: only keys that the object's type has, every one of them.
#include "experiment/resolved.hpp"

#include <nlohmann/json.hpp>

#include "experiment/resolved_task.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

json to_json(const InitSpec& spec) {
  json out = {{"type", spec.type}};
  if (spec.type == "normal" || spec.type == "abs-normal") {
    out["mean"] = spec.mean;
    if (spec.deviation > 0) out["deviation"] = spec.deviation;
  }
  if (spec.type == "uniform") {
    out["low"] = spec.low;
    out["high"] = spec.high;
  }
  if (spec.type == "constant") out["value"] = spec.value;
  return out;
}

json to_json(const ConstraintSpec& spec) {
  json out = {{"sign", spec.sign}, {"by", spec.by}};
  if (spec.norm > 0) out["norm"] = spec.norm;
  if (spec.column_sum > 0) out["column_sum"] = spec.column_sum;
  if (spec.has_bounds) out["bounds"] = {spec.low, spec.high};
  return out;
}

json to_json(const ActivationSpec& spec) {
  json out = {{"type", spec.type}};
  if (spec.type == "threshold") {
    out["threshold"] = spec.threshold;
    out["passes"] = spec.passes;
  }
  return out;
}

json to_json(const LayerSpec& spec) {
  json bias = false;
  if (spec.bias) {
    bias = {{"init", to_json(spec.bias_init)},
            {"constraint", to_json(spec.bias_constraint)},
            {"plastic", spec.bias_plastic},
            {"rate", spec.bias_rate}};
  }
  return {{"name", spec.name},
          {"units", spec.units},
          {"activation", to_json(spec.activation)},
          {"bias", bias}};
}

json to_json(const NetworkSpec& spec) {
  json layers = json::array(), connections = json::array();
  for (const LayerSpec& layer : spec.layers) layers.push_back(to_json(layer));
  for (const ConnectionSpec& connection : spec.connections) {
    connections.push_back({{"from", connection.from},
                           {"to", connection.to},
                           {"name", connection.name},
                           {"init", to_json(connection.init)},
                           {"constraint", to_json(connection.constraint)},
                           {"plastic", connection.plastic},
                           {"rate", connection.rate}});
  }
  return {{"layers", layers}, {"connections", connections}};
}

json to_json(const TrainingSpec& spec, Precision precision) {
  json loss = {{"type", spec.loss.type}};
  if (spec.loss.type == "mse") loss["reduction"] = spec.loss.reduction;
  return {{"epochs", spec.epochs},
          {"batch", spec.batch},
          {"evaluate_every", spec.evaluate_every},
          {"loss", loss},
          {"exploration",
           {{"deviation", spec.exploration.deviation}, {"draws", spec.exploration.draws}}},
          {"precision", precision == Precision::float64 ? "float64" : "float32"}};
}

json to_json(const ScheduleSpec& spec) {
  json out = {{"type", spec.type}, {"warmup", spec.warmup}};
  if (spec.type == "step" || spec.type == "exponential") out["factor"] = spec.factor;
  if (spec.type == "step" || spec.type == "inverse") out["every"] = spec.every;
  if (spec.type == "cosine" || spec.type == "linear") out["final_fraction"] = spec.final_fraction;
  return out;
}

json to_json(const OptimizerSpec& spec) {
  json out = {{"type", spec.type},
              {"rate", spec.rate},
              {"weight_decay", spec.weight_decay},
              {"clip", spec.clip},
              {"schedule", to_json(spec.schedule)}};
  if (spec.type == "momentum" || spec.type == "nesterov") out["momentum"] = spec.momentum;
  if (spec.type == "rmsprop" || spec.type == "adadelta") out["decay"] = spec.decay;
  if (spec.type == "adam") {
    out["beta1"] = spec.beta1;
    out["beta2"] = spec.beta2;
  }
  if (out.contains("decay") || spec.type == "adam") out["epsilon"] = spec.epsilon;
  return out;
}

json to_json(const Drive& drive) {
  json parameters = json::object();
  for (const auto& [name, parameter] : drive.parameters) {
    std::visit([&, &key = name](const auto& value) { parameters[key] = value; }, parameter);
  }
  return {{"connections", drive.connections},
          {"rule", drive.rule},
          {"parameters", parameters},
          {"optimizer", to_json(drive.optimizer)}};
}

}  // namespace

json to_json(const Experiment& experiment) {
  const Arm& first = experiment.arms.front();
  const json network = to_json(first.network);
  const json training = to_json(first.training, first.precision);
  json rules = json::array();
  for (const Arm& arm : experiment.arms) {
    json drives = json::array();
    for (const Drive& drive : arm.drives) drives.push_back(to_json(drive));
    json entry = {{"name", arm.name}, {"drive", drives}};
    if (json own = to_json(arm.network); own != network) entry["network"] = std::move(own);
    if (json own = to_json(arm.training, arm.precision); own != training) {
      entry["training"] = std::move(own);
    }
    rules.push_back(std::move(entry));
  }
  const Criterion& criterion = experiment.criterion;
  json out = {{"deltaw", 1},
              {"name", experiment.name},
              {"description", experiment.description},
              {"references", experiment.references},
              {"task", detail::to_json(experiment.task)},
              {"network", network},
              {"training", training},
              {"criterion",
               {{"metric", criterion.metric},
                {criterion.at_least ? "at_least" : "at_most", criterion.value}}},
              {"rules", rules},
              {"reference", experiment.reference},
              {"seeds", experiment.seeds},
              {"jobs", experiment.jobs}};
  if (experiment.margin) out["margin"] = *experiment.margin;
  return out;
}

}  // namespace deltaw
