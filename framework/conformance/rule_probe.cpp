// SPDX-License-Identifier: Apache-2.0
// The life of an instance under check, and which probe fits a rule.
#include "conformance/rule_probe.hpp"

#include <bit>

#include "conformance/clock.hpp"
#include "conformance/connection_probe.hpp"
#include "conformance/network_probe.hpp"
#include "core/error.hpp"
#include "core/state.hpp"

namespace deltaw {

double value_of(std::uint64_t bits, std::uint32_t dtype) {
  if (dtype == DELTAW_F64) return std::bit_cast<double>(bits);
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
}

RuleProbe::RuleProbe(ProbedRule probed, const Scene& scene, const Surroundings& around)
    : probed_(std::move(probed)),
      scene_(scene),
      is_watched_(around.is_watched),
      is_read_only_(around.is_read_only),
      parameters_(abi_parameters(probed_.parameters)) {}

void RuleProbe::make_instance() {
  instance_.reset();
  instance_.emplace(InstanceSpec{probed_.plugin, probed_.rule, parameters_, 1, "check", service(),
                                 probed_.random});
}

void RuleProbe::start() {
  restart_clock();
  response_.clear();
  written_.clear();
}

void RuleProbe::begin() {
  begin_unprepared();
  prepare();
}

void RuleProbe::begin_unprepared() {
  start();
  make_instance();
}

void RuleProbe::reset() {
  start();
  instance_->reset();
}

void RuleProbe::prepare_again() {
  start();
  prepare();
}

void RuleProbe::change_instance() {
  StateWriter writer;
  instance_->save(writer);
  make_instance();
  prepare();
  StateReader reader(writer.bytes());
  instance_->load(reader);
}

std::size_t RuleProbe::state_bytes() const { return instance_->state_bytes(); }

bool RuleProbe::loads_first(std::size_t count) {
  StateWriter whole, cut;
  instance_->save(whole);
  StateReader reader(whole.bytes());
  cut.text("rule", reader.text("rule"));
  cut.text("version", reader.text("version"));
  cut.integer("dtype", reader.integer("dtype"));
  cut.text("state", reader.text("state").substr(0, count));
  make_instance();
  prepare();
  StateReader rest(cut.bytes());
  try {
    instance_->load(rest);
  } catch (const Error&) {
    return false;
  }
  return true;
}

std::vector<std::string> RuleProbe::refused() const {
  return instance_ ? instance_->refused() : std::vector<std::string>();
}

std::unique_ptr<RuleProbe> make_probe(const ProbedRule& probed, const Scene& scene,
                                      const Surroundings& around) {
  if (probed.rule->scope == Scope::local) {
    return std::make_unique<ConnectionProbe>(probed, scene, around);
  }
  if (scene.dtype == DELTAW_F32) {
    return std::make_unique<NetworkProbe<float>>(probed, scene, around);
  }
  return std::make_unique<NetworkProbe<double>>(probed, scene, around);
}

Stimulus make_stimulus(const RuleSpec& rule, const Scene& scene, std::uint64_t number) {
  return rule.scope == Scope::local ? draw_stimulus(rule, scene, number)
                                    : draw_network_stimulus(rule, scene, number);
}

bool holds_numbers(const RuleSpec& rule, std::size_t part) {
  if (rule.scope == Scope::network) return true;
  return part != DELTAW_SPIKES_PRE && part != DELTAW_SPIKES_POST && part != DELTAW_TRIAL_KIND &&
         part != DELTAW_DELAYS;
}

Response answer(RuleProbe& probe, const Stimulus& stimulus) {
  probe.begin();
  for (std::size_t update = 0; update < stimulus.parts.size(); ++update) {
    probe.show(stimulus.parts[update], update);
  }
  return probe.response();
}

}  // namespace deltaw
