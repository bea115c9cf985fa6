// SPDX-License-Identifier: Apache-2.0
// Counts to metrics, and to joules.
#include "comparison/cost.hpp"

namespace deltaw {

double estimated_energy(const Work& work) {
  constexpr double k_multiplication = 3.7e-12, k_addition = 0.9e-12;
  const auto multiply_adds = static_cast<double>(work.multiply_adds);
  return (k_multiplication + k_addition) * multiply_adds +
         k_addition * static_cast<double>(work.additions);
}

std::map<std::string, std::optional<double>> cost_metrics(const Work& work,
                                                          std::size_t state_bytes) {
  std::map<std::string, std::optional<double>> metrics = {
      {"state_bytes", static_cast<double>(state_bytes)}, {"energy", estimated_energy(work)}};
  const auto add = [&](const char* name, std::uint64_t count) {
    if (count > 0) metrics[name] = static_cast<double>(count);
  };
  add("multiply_adds", work.multiply_adds);
  add("additions", work.additions);
  add("synaptic_updates", work.synaptic_updates);
  add("spikes", work.spikes);
  add("labels", work.labels);
  add("rewards", work.rewards);
  return metrics;
}

}  // namespace deltaw
