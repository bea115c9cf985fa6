// SPDX-License-Identifier: Apache-2.0
// The inverse of read_specs: only keys that the object's type has, every one of them.
#include "experiment/resolved.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "experiment/resolved_features.hpp"
#include "experiment/resolved_spiking.hpp"
#include "experiment/resolved_task.hpp"
#include "network/shapes.hpp"

namespace deltaw {

using nlohmann::json;

json detail::to_json(const InitSpec& spec) {
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
  if (spec.type == "select") out["units"] = spec.units;
  if (spec.type == "excitatory-inhibitory") {
    out["excitatory"] = spec.excitatory;
    out["each"] = spec.each;
    out["values"] = spec.values;
    out["others"] = spec.others;
  }
  if (!spec.silent.empty()) out["silent"] = spec.silent;
  return out;
}

namespace {

using detail::to_json;

json to_json(const ConstraintSpec& spec) {
  json out = {{"sign", spec.sign}, {"by", spec.by}};
  if (spec.sign == "dale") out["excitatory"] = spec.excitatory;
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
  if (spec.type == "clipped-linear") {
    out["offset"] = spec.offset;
    out["maximum"] = spec.maximum;
  }
  return out;
}

json to_json(const DynamicsSpec& spec) {
  if (spec.type == "static") return {{"type", spec.type}};
  json clamped = json::array();
  for (const auto& [unit, x] : spec.clamped) clamped.push_back({unit, x});
  return {{"type", spec.type},
          {"tau", spec.tau},
          {"integrator", spec.integrator},
          {"initial", spec.initial},
          {"clamped", clamped}};
}

json to_json(const LateralSpec& spec) {
  if (spec.weights.empty()) return {{"strength", spec.strength}};
  return {{"weights", spec.weights}};
}

// What the type of a layer that is not dense needs to know.
json type_to_json(const LayerSpec& spec) {
  json out = {{"name", spec.name}, {"type", spec.type}, {"units", spec.units}};
  if (spec.type == "conv2d") {
    out["filters"] = spec.filters;
    out["kernel"] = spec.side;
    out["stride"] = spec.stride;
    out["padding"] = spec.padding;
  }
  if (spec.type == "max-pool") {
    out["size"] = spec.side;
    out["stride"] = spec.stride;
  }
  if (spec.type == "dropout") out["share"] = spec.share;
  if (is_gated(spec)) {
    out["time"] = spec.axis;
    out["steps"] = spec.steps;
  }
  return out;
}

json to_json(const LayerSpec& spec) {
  if (is_weightless(spec)) return type_to_json(spec);
  json bias = false;
  if (spec.bias) {
    bias = {{"init", to_json(spec.bias_init)},
            {"constraint", to_json(spec.bias_constraint)},
            {"plastic", spec.bias_plastic},
            {"rate", spec.bias_rate}};
  }
  if (spec.type != "dense") {
    json out = type_to_json(spec);
    if (spec.type == "conv2d") out["activation"] = to_json(spec.activation);
    out["bias"] = bias;
    return out;
  }
  json out = {{"name", spec.name},
              {"units", spec.units},
              {"activation", to_json(spec.activation)},
              {"dynamics", to_json(spec.dynamics)},
              {"bias", bias}};
  if (spec.image.exists()) {
    out["image"] = {spec.image.height, spec.image.width, spec.image.channels};
  }
  if (spec.lateral.exists()) out["lateral"] = to_json(spec.lateral);
  return out;
}

json to_json(const NetworkSpec& spec) {
  json layers = json::array(), connections = json::array();
  for (const LayerSpec& layer : spec.layers) layers.push_back(to_json(layer));
  const auto has_weights = [&](const ConnectionSpec& connection) {
    return std::ranges::none_of(spec.layers, [&](const LayerSpec& layer) {
      return layer.name == connection.to && is_weightless(layer);
    });
  };
  for (const ConnectionSpec& connection : spec.connections) {
    if (!has_weights(connection)) {
      connections.push_back(
          {{"from", connection.from}, {"to", connection.to}, {"name", connection.name}});
      continue;
    }
    connections.push_back({{"from", connection.from},
                           {"to", connection.to},
                           {"name", connection.name},
                           {"init", to_json(connection.init)},
                           {"constraint", to_json(connection.constraint)},
                           {"plastic", connection.plastic},
                           {"rate", connection.rate},
                           {"density", connection.density}});
  }
  json out = {{"layers", layers}, {"connections", connections}};
  if (spec.settling.exists()) {
    out["settling"] = {{"free_steps", spec.settling.free_steps},
                       {"nudged_steps", spec.settling.nudged_steps},
                       {"step", spec.settling.step}};
  }
  return out;
}

json to_json(const ExplorationSpec& spec, bool is_in_trials) {
  json out = {{"deviation", spec.deviation},
              {"draws", spec.draws},
              {"weight_deviation", spec.weight_deviation}};
  if (!is_in_trials) return out;
  out["rate"] = spec.rate;
  out["amplitude"] = spec.amplitude;
  out["from"] = spec.from;
  out["on"] = spec.on_potential ? "potential" : "drive";
  return out;
}

json to_json(const RewardSpec& spec) {
  json out = {{"type", spec.type},
              {"offset", spec.offset},
              {"baseline", spec.baseline},
              {"decay", spec.decay}};
  if (spec.is_shuffled) out["shuffled"] = true;
  if (spec.type == "sporadic") out["every"] = spec.every;
  return out;
}

json network_to_json(const Arm& arm) {
  return arm.spiking ? to_json(*arm.spiking) : to_json(arm.network);
}

json to_json(const RuleParameters& given) {
  json parameters = json::object();
  for (const auto& [name, parameter] : given) {
    std::visit([&, &key = name](const auto& value) { parameters[key] = value; }, parameter);
  }
  return parameters;
}

json to_json(const AlignmentSpec& spec, bool is_in_trials) {
  json shadows = json::array();
  for (const Shadow& shadow : spec.shadows) {
    shadows.push_back({{"name", shadow.name},
                       {"rule", shadow.rule},
                       {"parameters", to_json(shadow.parameters)},
                       {"connections", shadow.connections}});
  }
  json out = {{"shadows", std::move(shadows)},
              {is_in_trials ? "trials" : "batches", spec.length},
              {"draws", spec.draws}};
  if (spec.reference) {
    out["rule"] = spec.reference->rule;
    out["parameters"] = to_json(spec.reference->parameters);
  }
  if (spec.every > 0) out["every"] = spec.every;
  return out;
}

json to_json(const Arm& arm, const TaskSpec& task) {
  const TrainingSpec& spec = arm.training;
  const bool is_in_trials = task.trials.has_value();
  json out = {{"loss", {{"type", spec.loss.type}}},
              {"precision", arm.precision == Precision::float64 ? "float64" : "float32"}};
  if (task.protocol) return out;
  out["evaluate_every"] = spec.evaluate_every;
  if (arm.alignment.is_asked_for()) out["alignment"] = to_json(arm.alignment, is_in_trials);
  if (arm.spiking) {
    out["epochs"] = spec.epochs;
    out["presentation"] = to_json(arm.spiking->presentation);
    if (spec.reward.type != "none") out["reward"] = to_json(spec.reward);
    return out;
  }
  out["exploration"] = to_json(spec.exploration, is_in_trials);
  if (spec.loss.type == "mse" || spec.loss.type == "absolute") {
    out["loss"]["reduction"] = spec.loss.reduction;
  }
  if (is_in_trials) {
    out["trials"] = spec.trials;
    out["warm_up"] = spec.warm_up;
    out["pieces"] = spec.pieces;
    out["reward"] = to_json(spec.reward);
  } else {
    out["epochs"] = spec.epochs;
    out["batch"] = spec.batch;
  }
  return out;
}

json to_json(const Drive& drive) {
  json out = {{"connections", drive.connections},
              {"rule", drive.rule},
              {"parameters", to_json(drive.parameters)},
              {"optimizer", detail::to_json(drive.optimizer)}};
  if (!drive.epochs.is_everything()) out["epochs"] = {drive.epochs.from, drive.epochs.until};
  return out;
}

json to_json(const Criterion& criterion, bool is_in_trials) {
  if (is_in_trials) {
    return {{"error", criterion.error}, {"share", criterion.share}, {"of", criterion.of}};
  }
  return {{"metric", criterion.metric},
          {criterion.at_least ? "at_least" : "at_most", criterion.value}};
}

}  // namespace

json to_json(const Experiment& experiment) {
  const Arm& first = experiment.arms.front();
  const json network = network_to_json(first);
  const bool is_in_trials = experiment.task.trials.has_value();
  const json training = to_json(first, experiment.task);
  json rules = json::array();
  for (const Arm& arm : experiment.arms) {
    json drives = json::array();
    for (const Drive& drive : arm.drives) drives.push_back(to_json(drive));
    json entry = {{"name", arm.name}, {"drive", drives}};
    if (json own = network_to_json(arm); own != network) {
      if (network.contains("settling") && !own.contains("settling")) own["settling"] = false;
      entry["network"] = std::move(own);
    }
    if (json own = to_json(arm, experiment.task); own != training) {
      entry["training"] = std::move(own);
    }
    rules.push_back(std::move(entry));
  }
  json out = {{"deltaw", 1},
              {"name", experiment.name},
              {"description", experiment.description},
              {"references", experiment.references},
              {"task", detail::to_json(experiment.task)},
              {"network", network},
              {"training", training},
              {"rules", rules},
              {"reference", experiment.reference},
              {"seeds", experiment.seeds},
              {"jobs", experiment.jobs}};
  if (is_in_trials) out["analyses"] = {{"seeds", experiment.analysed_seeds}};
  if (experiment.has_loss() && !experiment.task.sequence)
    out["criterion"] = to_json(experiment.criterion, is_in_trials);
  if (experiment.features) out["features"] = detail::to_json(*experiment.features);
  if (experiment.margin) out["margin"] = *experiment.margin;
  if (!experiment.tuning.empty()) out["tuning"] = experiment.tuning;
  return out;
}

}  // namespace deltaw
