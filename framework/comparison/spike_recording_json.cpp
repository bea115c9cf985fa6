// SPDX-License-Identifier: Apache-2.0
#include "comparison/spike_recording_json.hpp"

#include <nlohmann/json.hpp>

#include "core/rounded.hpp"

namespace deltaw {

using nlohmann::json;

json to_json(const SpikeRecording& recording) {
  json layers = json::array();
  for (const SpikeRecording::Layer& layer : recording.layers) {
    json steps = json::array(), units = json::array(), potentials = json::array();
    for (const auto& [step, unit] : layer.spikes) {
      steps.push_back(step);
      units.push_back(unit);
    }
    for (const std::vector<float>& course : layer.potentials) {
      potentials.push_back(json::array());
      for (const float v : course) potentials.back().push_back(rounded(v, 4));
    }
    layers.push_back({{"name", layer.name},
                      {"units", layer.units},
                      {"steps", std::move(steps)},
                      {"spikes", std::move(units)},
                      {"observed", layer.observed},
                      {"potentials", std::move(potentials)}});
  }
  return {{"dt", recording.dt},
          {"shown", recording.shown},
          {"label", recording.label},
          {"layers", std::move(layers)}};
}

}  // namespace deltaw
