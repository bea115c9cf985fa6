// SPDX-License-Identifier: Apache-2.0
// Values of each signal, wide enough to reach what a rule may do with them.
#include "conformance/stimulus.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/random.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_between_rewards = 8;  // steps of a network that spikes
constexpr double k_share_of_spikes = 0.3;
constexpr double k_share_of_noise = 0.4;  // of the steps of a trial
constexpr double k_share_of_silence = 0.3;
constexpr std::uint64_t k_delays = 4, k_kinds = 3;

// What changes from update to update, and what stays throughout.
bool is_kept(std::uint32_t signal, const Scene& scene) {
  return signal == DELTAW_DELAYS || (signal == DELTAW_WEIGHTS && scene.is_in_place);
}

double draw(std::uint32_t signal, const Scene& scene, Random& random) {
  const bool is_spiking = scene.dynamics == Dynamics::spiking;
  switch (signal) {
    case DELTAW_DERIVATIVE:
    case DELTAW_TARGET:
      return random.uniform();
    case DELTAW_WEIGHTS:
      return is_spiking ? 0.2 + 0.6 * random.uniform() : scene.scale * random.normal();
    case DELTAW_PERTURBATION:
      if (scene.dynamics == Dynamics::rate && random.uniform() > k_share_of_noise) return 0;
      return random.normal();
    case DELTAW_REWARD:
      if (scene.is_rewarded_by_step && random.uniform() < k_share_of_silence) {
        return std::numeric_limits<double>::quiet_NaN();
      }
      return random.normal();
    case DELTAW_TRIAL_KIND:
      return static_cast<double>(random.below(k_kinds));
    case DELTAW_SPIKES_PRE:
    case DELTAW_SPIKES_POST:
      return random.uniform() < k_share_of_spikes ? 1 : 0;
    case DELTAW_DELAYS:
      return static_cast<double>(random.below(k_delays));
    default:
      return scene.scale * (0.3 + random.normal());
  }
}

bool is_shown(const RuleSpec& rule, std::uint32_t signal, const Scene& scene, std::size_t update) {
  if (signal == DELTAW_DELAYS && !scene.has_delays) return false;
  const bool is_outcome = signal == DELTAW_REWARD || signal == DELTAW_BASELINE;
  if (is_outcome && scene.dynamics == Dynamics::spiking) {
    return rule.declares(signal) && update % k_between_rewards == k_between_rewards - 1;
  }
  // W is what the rule changes in place, whether or not it looks at it.
  return rule.declares(signal) || (signal == DELTAW_WEIGHTS && scene.is_in_place);
}

template <class Take>
void take(Stimulus& to, const Stimulus& from, std::size_t part, const Take& take_from) {
  for (std::size_t update = 0; update < to.parts.size(); ++update) {
    if (!to.parts[update][part].empty()) {
      take_from(to.parts[update][part], from.parts[update][part]);
    }
  }
}

}  // namespace

Belongs belongs_to(std::uint32_t signal) {
  switch (signal) {
    case DELTAW_PRE:
    case DELTAW_SPIKES_PRE:
      return Belongs::source;
    case DELTAW_WEIGHTS:
    case DELTAW_WEIGHT_PERTURBATION:
    case DELTAW_DELAYS:
      return Belongs::synapse;
    case DELTAW_REWARD:
    case DELTAW_BASELINE:
    case DELTAW_TRIAL_KIND:
      return Belongs::all;
    default:
      return Belongs::target;
  }
}

std::pair<std::size_t, std::size_t> shape_of(std::uint32_t signal, const Scene& scene) {
  const bool is_static = scene.dynamics == Dynamics::fixed || scene.dynamics == Dynamics::settling;
  switch (signal) {
    case DELTAW_REWARD:
    case DELTAW_BASELINE:
      return {1, is_static || scene.is_rewarded_by_step ? scene.columns : 1};
    case DELTAW_TRIAL_KIND:
      return {1, 1};
    case DELTAW_SPIKES_PRE:
      return {scene.inputs, 1};
    case DELTAW_SPIKES_POST:
      return {scene.outputs, 1};
    default:
      break;
  }
  if (belongs_to(signal) == Belongs::synapse) return {scene.outputs, scene.inputs};
  return {belongs_to(signal) == Belongs::source ? scene.inputs : scene.outputs, scene.columns};
}

Stimulus draw_stimulus(const RuleSpec& rule, const Scene& scene, std::uint64_t number) {
  Stimulus out;
  for (std::size_t update = 0; update < scene.updates; ++update) {
    out.parts.emplace_back(DELTAW_SIGNAL_COUNT);
    for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
      if (!is_shown(rule, signal, scene, update)) continue;
      Random random(number, fmt::format("check/{}", signal_name(signal)),
                    is_kept(signal, scene) ? 0 : update);
      arma::mat& values = out.parts.back()[signal];
      const auto [rows, columns] = shape_of(signal, scene);
      values.set_size(rows, columns);
      for (double& value : values) value = draw(signal, scene, random);
    }
  }
  return out;
}

void take_row(Stimulus& to, const Stimulus& from, std::size_t part, std::size_t row) {
  take(to, from, part, [&](arma::mat& a, const arma::mat& b) { a.row(row) = b.row(row); });
}

void take_entry(Stimulus& to, const Stimulus& from, std::size_t part, std::size_t row,
                std::size_t column) {
  take(to, from, part, [&](arma::mat& a, const arma::mat& b) { a(row, column) = b(row, column); });
}

void take_all(Stimulus& to, const Stimulus& from, std::size_t part) {
  take(to, from, part, [](arma::mat& a, const arma::mat& b) { a = b; });
}

}  // namespace deltaw
