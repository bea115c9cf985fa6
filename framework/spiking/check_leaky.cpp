// SPDX-License-Identifier: Apache-2.0
// What a layer of the spiking network must satisfy.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "spiking/graph.hpp"

namespace deltaw {
namespace {

void check_known(const std::string& layer, const std::string& key, const std::string& value,
                 const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), value) != known.end()) return;
  throw Error(Code::E503, fmt::format("layer '{}' has no {} '{}'", layer, key, value),
              {.hint = suggest(value, known)});
}

[[noreturn]] void refuse(const std::string& layer, const std::string& key, double value,
                         const std::string& expected) {
  throw Error(Code::E503, fmt::format("layer '{}' has {} {}", layer, key, value),
              {.expected = expected});
}

void check_finite(const std::string& layer, const LeakySpec& s) {
  const std::pair<const char*, double> values[] = {
      {"rest", s.rest},
      {"reset", s.reset},
      {"threshold", s.threshold},
      {"current", s.current},
      {"initial", std::isnan(s.initial) ? s.rest : s.initial},
      {"excitatory_reversal", s.excitatory_reversal},
      {"inhibitory_reversal", s.inhibitory_reversal},
      {"theta_offset", s.theta_offset}};
  for (const auto& [key, value] : values) {
    if (!std::isfinite(value)) refuse(layer, key, value, "a finite number of mV");
  }
  const std::pair<const char*, double> from_zero[] = {
      {"refractory", s.refractory}, {"theta", s.theta}, {"theta_increment", s.theta_increment}};
  for (const auto& [key, value] : from_zero) {
    if (!(value >= 0) || !std::isfinite(value)) refuse(layer, key, value, "0 or more");
  }
}

void check_time_constants(const std::string& layer, const LeakySpec& s, double dt) {
  const std::pair<const char*, double> constants[] = {{"tau", s.tau},
                                                      {"excitatory_tau", s.excitatory_tau},
                                                      {"inhibitory_tau", s.inhibitory_tau},
                                                      {"theta_tau", s.theta_tau}};
  for (const auto& [key, tau] : constants) {
    const bool is_synaptic = tau == s.excitatory_tau || tau == s.inhibitory_tau;
    const bool may_be_zero = s.model == "current" && is_synaptic && key != std::string("tau") &&
                             key != std::string("theta_tau");
    if (tau == 0 && may_be_zero) continue;
    if (!(tau > 0) || !std::isfinite(tau)) {
      refuse(layer, key, tau,
             may_be_zero ? "a time above 0 ms, or 0: at once" : "a time above 0 ms");
    }
    if (dt <= tau) continue;
    throw Error(Code::E515, fmt::format("dt is too coarse for layer '{}'", layer),
                {.expected = fmt::format("at most its {}, {} ms", key, tau),
                 .found = fmt::format("{} ms", dt),
                 .hint = "a smaller \"dt\""});
  }
}

}  // namespace

void check_leaky(const LeakySpec& s, const std::string& layer, double dt) {
  check_known(layer, "model", s.model, {"conductance", "current"});
  check_known(layer, "integrator", s.integrator, {"implicit", "exponential", "euler"});
  check_finite(layer, s);
  check_time_constants(layer, s, dt);
  const double first = s.threshold + s.theta - s.theta_offset;
  if (first > s.reset) return;
  throw Error(Code::E503,
              fmt::format("layer '{}' has its threshold at {} mV, not above reset", layer, first),
              {.expected = fmt::format("more than {} mV", s.reset),
               .hint = "the first threshold is \"threshold\" + \"theta\" - \"theta_offset\""});
}

void check_source(const SourceSpec& s, const std::string& layer, double dt) {
  check_known(layer, "source", s.type,
              {"poisson", "regular", "latency", "spikes", "current", "protocol"});
  if (!(s.rate >= 0) || !std::isfinite(s.rate)) refuse(layer, "rate", s.rate, "0 Hz or more");
  if (!(s.window > 0) || !std::isfinite(s.window)) {
    refuse(layer, "window", s.window, "a time above 0 ms");
  }
  if (!std::isfinite(s.amplitude)) {
    refuse(layer, "amplitude", s.amplitude, "a finite number of mV");
  }
  if (s.type == "spikes" && s.file.empty()) {
    throw Error(Code::E503, fmt::format("layer '{}' names no file of spikes", layer));
  }
  const bool has_rate = s.type == "poisson" || s.type == "regular";
  if (!has_rate || s.rate * dt <= 1000) return;
  throw Error(Code::E515, fmt::format("dt is too coarse for the rate of layer '{}'", layer),
              {.expected = fmt::format("at most {} Hz, a spike a step", 1000 / dt),
               .found = fmt::format("{} Hz", s.rate)});
}

}  // namespace deltaw
