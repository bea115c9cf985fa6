// SPDX-License-Identifier: Apache-2.0
// Every way of asking that a manifest allows.
#include "conformance/scene.hpp"

#include <algorithm>

namespace deltaw {
namespace {

constexpr std::size_t k_steps = 24;  // of a network that spikes; each is an update

// Both settings of one switch, where the rule can tell them apart.
void branch(std::vector<Scene>& scenes, bool is_possible, bool Scene::*is_on) {
  if (!is_possible) return;
  const std::size_t count = scenes.size();
  for (std::size_t i = 0; i < count; ++i) {
    scenes.push_back(scenes[i]);
    scenes.back().*is_on = true;
  }
}

void add_spiking(const RuleSpec& rule, const Scene& plain, std::vector<Scene>& out) {
  std::vector<Scene> scenes = {plain};
  scenes.front().updates = k_steps;
  scenes.front().columns = 1;
  branch(scenes, rule.declares(DELTAW_DELAYS), &Scene::has_delays);
  branch(scenes, (rule.capabilities & DELTAW_CAP_IN_PLACE) != 0, &Scene::is_in_place);
  out.insert(out.end(), scenes.begin(), scenes.end());
}

void add_rate(const RuleSpec& rule, Scene plain, std::vector<Scene>& out) {
  constexpr std::uint64_t k_not_in_pieces =
      DELTAW_SIGNAL_BIT(DELTAW_DERIVATIVE) | DELTAW_SIGNAL_BIT(DELTAW_ERROR) |
      DELTAW_SIGNAL_BIT(DELTAW_LEARNING_SIGNAL) | DELTAW_SIGNAL_BIT(DELTAW_WEIGHT_PERTURBATION);
  plain.columns = rule.grain == Grain::step ? 1 : 12;
  if (rule.grain == Grain::step) plain.updates = 12;
  std::vector<Scene> scenes = {plain};
  branch(scenes, rule.declares(DELTAW_REWARD) && rule.grain != Grain::step,
         &Scene::is_rewarded_by_step);
  branch(scenes, rule.grain == Grain::trial && (rule.signals & k_not_in_pieces) == 0,
         &Scene::has_pieces);
  out.insert(out.end(), scenes.begin(), scenes.end());
}

}  // namespace

std::string Scene::text() const {
  std::string out = std::string(name_of(dynamics)) +
                    (dtype == DELTAW_F32 ? std::string(", float32") : std::string(", float64"));
  if (is_rewarded_by_step) out += ", reward by step";
  if (has_pieces) out += ", in pieces";
  if (has_delays) out += ", delays";
  if (is_in_place) out += ", in place";
  if (is_large()) out += ", large";
  return out;
}

std::vector<Scene> scenes_of(const RuleSpec& rule) {
  std::vector<Scene> scenes;
  for (const Dynamics dynamics : rule.dynamics) {
    if (rule.scope == Scope::network && dynamics != Dynamics::fixed) continue;
    for (const std::uint32_t dtype : {DELTAW_F32, DELTAW_F64}) {
      const std::uint64_t needed = dtype == DELTAW_F32 ? DELTAW_CAP_F32 : DELTAW_CAP_F64;
      if ((rule.capabilities & needed) == 0) continue;
      Scene plain;
      plain.dynamics = dynamics;
      plain.dtype = dtype;
      if (dynamics == Dynamics::spiking) {
        add_spiking(rule, plain, scenes);
      } else if (dynamics == Dynamics::rate) {
        add_rate(rule, plain, scenes);
      } else {
        plain.has_pieces = rule.phases.has_value();
        scenes.push_back(plain);
      }
    }
  }
  return scenes;
}

std::optional<Scene> large_scene_of(const RuleSpec& rule) {
  const auto in_batches = std::ranges::find_if(rule.dynamics, [](Dynamics dynamics) {
    return dynamics == Dynamics::fixed || dynamics == Dynamics::settling;
  });
  if (rule.scope == Scope::network || in_batches == rule.dynamics.end()) return {};
  Scene large = scenes_of(rule).front();
  large.dynamics = *in_batches;
  large.has_pieces = rule.phases.has_value();
  large.outputs = 33;
  large.inputs = 34;
  large.columns = 40;
  large.updates = 24;
  large.scale = 4;
  large.most = 4;
  return large;
}

}  // namespace deltaw
