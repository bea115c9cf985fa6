// SPDX-License-Identifier: Apache-2.0
#include "experiment/resolved_spiking.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace deltaw::detail {
namespace {

using nlohmann::json;

json to_json(const SourceSpec& spec) {
  json out = {{"type", spec.type}};
  if (spec.type == "poisson" || spec.type == "regular") out["rate"] = spec.rate;
  if (spec.type == "latency") out["window"] = spec.window;
  if (spec.type == "current") out["amplitude"] = spec.amplitude;
  if (spec.type == "spikes") out["file"] = spec.file;
  return out;
}

json to_json(const LeakySpec& spec) {
  json out = {{"type", "spiking"},
              {"model", spec.model},
              {"tau", spec.tau},
              {"rest", spec.rest},
              {"reset", spec.reset},
              {"threshold", spec.threshold},
              {"refractory", spec.refractory},
              {"start", std::isnan(spec.initial) ? spec.rest : spec.initial},
              {"current", spec.current},
              {"excitatory", {{"tau", spec.excitatory_tau}}},
              {"inhibitory", {{"tau", spec.inhibitory_tau}}},
              {"adaptation",
               {{"start", spec.theta},
                {"increment", spec.theta_increment},
                {"tau", spec.theta_tau},
                {"offset", spec.theta_offset}}},
              {"integrator", spec.integrator}};
  if (spec.model == "conductance") {
    out["excitatory"]["reversal"] = spec.excitatory_reversal;
    out["inhibitory"]["reversal"] = spec.inhibitory_reversal;
  }
  return out;
}

json to_json(const SpikingLayerSpec& spec) {
  json out = {{"name", spec.name}, {"units", spec.units}};
  if (spec.is_source) {
    out["source"] = to_json(spec.source);
  } else {
    out["dynamics"] = to_json(spec.leaky);
  }
  return out;
}

json to_json(const SpikingConnectionSpec& spec) {
  json out = {{"from", spec.from},
              {"to", spec.to},
              {"name", spec.name},
              {"receptor", spec.receptor},
              {"pattern", spec.pattern},
              {"init", detail::to_json(spec.init)},
              {"delay", {{"low", spec.delay.low}, {"high", spec.delay.high}}},
              {"plastic", spec.plastic}};
  if (spec.pattern == "random") out["density"] = spec.density;
  if (spec.constraint.has_bounds) {
    out["constraint"] = {{"bounds", {spec.constraint.low, spec.constraint.high}}};
  }
  if (spec.sum > 0) out["sum"] = spec.sum;
  return out;
}

}  // namespace

json to_json(const SpikingSpec& spec) {
  json layers = json::array(), connections = json::array();
  for (const SpikingLayerSpec& layer : spec.layers) layers.push_back(to_json(layer));
  for (const SpikingConnectionSpec& connection : spec.connections) {
    connections.push_back(to_json(connection));
  }
  return {{"dt", spec.dt}, {"layers", layers}, {"connections", connections}};
}

json to_json(const PresentationSpec& spec) {
  json out = {{"show", spec.show},
              {"rest", spec.rest},
              {"least_spikes", spec.least_spikes},
              {"raise", spec.raise},
              {"most_repeats", spec.most_repeats}};
  if (!spec.layer.empty()) out["layer"] = spec.layer;
  return out;
}

}  // namespace deltaw::detail
