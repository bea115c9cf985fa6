// SPDX-License-Identifier: Apache-2.0
// Which probe fits a rule.
#include "conformance/probe.hpp"

#include "conformance/connection_probe.hpp"
#include "conformance/network_probe.hpp"

namespace deltaw {

std::unique_ptr<Probe> make_probe(const Subject& subject, const Scene& scene,
                                  const Surroundings& around) {
  if (subject.rule->scope == Scope::local) {
    return std::make_unique<ConnectionProbe>(subject, scene, around);
  }
  if (scene.dtype == DELTAW_F32) {
    return std::make_unique<NetworkProbe<float>>(subject, scene, around);
  }
  return std::make_unique<NetworkProbe<double>>(subject, scene, around);
}

Stimulus make_stimulus(const RuleSpec& rule, const Scene& scene, std::uint64_t number) {
  return rule.scope == Scope::local ? draw_stimulus(rule, scene, number)
                                    : draw_network_stimulus(rule, scene, number);
}

Response answer(Probe& probe, const Stimulus& stimulus) {
  probe.begin();
  for (std::size_t update = 0; update < stimulus.parts.size(); ++update) {
    probe.show(stimulus, update);
  }
  return probe.response();
}

}  // namespace deltaw
