// SPDX-License-Identifier: Apache-2.0
// The names of manifests, in the order of the enumerations.
#include "plugin/rule_spec.hpp"

#include <deltaw/abi.h>

#include <array>

namespace deltaw {
namespace {

constexpr std::array<std::string_view, DELTAW_SIGNAL_COUNT> signals = {
    "pre",   "post",   "potential", "derivative", "perturbation", "weights",    "target",
    "error", "reward", "baseline",  "trial_kind", "spikes.pre",   "spikes.post"};

template <std::size_t n, class Enum>
std::string_view at(const std::array<std::string_view, n>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view name_of(Locality value) {
  return at(std::array<std::string_view, 5>{"synapse", "modulator", "neuron", "layer", "network"},
            value);
}

std::string_view name_of(Scope value) {
  return at(std::array<std::string_view, 2>{"local", "network"}, value);
}

std::string_view name_of(Grain value) {
  return at(std::array<std::string_view, 3>{"batch", "trial", "step"}, value);
}

std::string_view name_of(Dynamics value) {
  return at(std::array<std::string_view, 3>{"static", "rate", "spiking"}, value);
}

std::string_view name_of(ParameterSpec::Type value) {
  return at(std::array<std::string_view, 5>{"number", "integer", "boolean", "string", "enum"},
            value);
}

std::string_view signal_name(std::uint32_t signal) { return signals.at(signal); }

std::vector<std::string> signal_names(std::uint64_t mask) {
  std::vector<std::string> names;
  for (std::uint32_t signal = 0; signal < signals.size(); ++signal) {
    if (mask & DELTAW_SIGNAL_BIT(signal)) names.emplace_back(signals[signal]);
  }
  return names;
}

}  // namespace deltaw
