// SPDX-License-Identifier: Apache-2.0
#include "experiment/resolved_features.hpp"

#include <nlohmann/json.hpp>

namespace deltaw::detail {
namespace {

using nlohmann::json;

json to_json(const ScheduleSpec& spec) {
  json out = {{"type", spec.type}, {"warmup", spec.warmup}};
  if (spec.type == "step" || spec.type == "exponential") out["factor"] = spec.factor;
  if (spec.type == "step" || spec.type == "inverse") out["every"] = spec.every;
  if (spec.type == "cosine" || spec.type == "linear") out["final_fraction"] = spec.final_fraction;
  return out;
}

json to_json(const ReadoutSpec& spec) {
  json out = {{"name", spec.name}, {"type", spec.type}};
  if (spec.type == "labels") out["vote"] = spec.vote;
  if (!spec.is_linear()) return out;
  out["exponent"] = spec.exponent;
  out["normalise"] = spec.normalise;
  out["epochs"] = spec.epochs;
  out["batch"] = spec.batch;
  out["optimizer"] = detail::to_json(spec.optimizer);
  if (spec.type == "power") {
    out["beta"] = spec.beta;
    out["m"] = spec.m;
  }
  return out;
}

}  // namespace

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

json to_json(const FeaturesSpec& spec) {
  json readouts = json::array();
  for (const ReadoutSpec& readout : spec.readouts) readouts.push_back(to_json(readout));
  json out = {{"selectivity", spec.selectivity}, {"readouts", std::move(readouts)}};
  if (!spec.layer.empty()) out["layer"] = spec.layer;
  return out;
}

}  // namespace deltaw::detail
