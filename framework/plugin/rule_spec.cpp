// SPDX-License-Identifier: Apache-2.0
// The names of manifests, in the order of the enumerations.
#include "plugin/rule_spec.hpp"

#include <deltaw/abi.h>

#include <array>
#include <span>

namespace deltaw {
namespace {

constexpr std::array<std::string_view, DELTAW_SIGNAL_COUNT> signals = {
    "pre",        "post",       "potential",   "derivative",      "perturbation",
    "weights",    "target",     "error",       "reward",          "baseline",
    "trial_kind", "spikes.pre", "spikes.post", "learning_signal", "weight_perturbation",
    "delays"};

constexpr std::array<std::string_view, 6> capabilities = {
    "f32", "f64", "strided", "concurrent", "deterministic", "in-place"};
constexpr std::size_t dtype_count = 2;  // the first capabilities are the dtypes

std::vector<std::string> names_of(std::span<const std::string_view> names, std::uint64_t mask,
                                  std::size_t first, std::size_t last) {
  std::vector<std::string> found;
  for (std::size_t bit = first; bit < last; ++bit) {
    if ((mask >> bit) & 1u) found.emplace_back(names[bit]);
  }
  return found;
}

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
  return at(std::array<std::string_view, 4>{"static", "settling", "rate", "spiking"}, value);
}

std::string_view name_of(PhasesSpec::Type value) {
  return at(std::array<std::string_view, 2>{"nudge", "contrast"}, value);
}

std::string_view name_of(ParameterSpec::Type value) {
  return at(std::array<std::string_view, 5>{"number", "integer", "boolean", "string", "enum"},
            value);
}

std::string_view signal_name(std::uint32_t signal) { return signals.at(signal); }

std::vector<std::string> signal_names(std::uint64_t mask) {
  return names_of(signals, mask, 0, signals.size());
}

std::vector<std::string> dtype_names(std::uint64_t mask) {
  return names_of(capabilities, mask, 0, dtype_count);
}

std::vector<std::string> capability_names(std::uint64_t mask) {
  return names_of(capabilities, mask, dtype_count, capabilities.size());
}

}  // namespace deltaw
