// SPDX-License-Identifier: Apache-2.0
// What a manifest says of a rule. Plain values: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deltaw {

// What ΔW of one synapse may depend on, from least to most.
enum class Locality { synapse, modulator, neuron, layer, network };
enum class Scope { local, network };
enum class Grain { batch, trial, step };
enum class Dynamics { fixed, settling, rate, spiking };  // the first is "static" in JSON

using ParameterValue = std::variant<double, std::int64_t, bool, std::string>;

// Where to look for a good value: an interval of numbers, or some values to choose from.
struct SearchRange {
  double low = 0, high = 0;
  bool is_log = false;
  std::vector<ParameterValue> values = {};  // where it is not empty, these instead
};

// A parameter counts only where a choice, another parameter, has one of these values.
struct Condition {
  std::string choice;
  std::vector<std::string> values;
};

struct ParameterSpec {
  enum class Type { number, integer, boolean, string, choice };  // "enum" in JSON

  std::string name;
  Type type = Type::number;
  ParameterValue fallback;  // "default" in JSON
  std::optional<double> minimum, maximum;
  bool exclusive_minimum = false, exclusive_maximum = false;
  std::vector<std::string> values;  // of a choice
  std::optional<SearchRange> tune;  // none: the default is no matter of tuning
  std::optional<Condition> when;    // none: it counts always
  std::string unit, help;
};

// A rule that is shown each batch twice in one update, to observe() and then to update().
struct PhasesSpec {
  // "nudge": as the network settles by itself, and with its output pushed towards the target;
  // "contrast": with the right label among the inputs, and with a wrong one.
  enum class Type { nudge, contrast };

  Type type = Type::nudge;
  // Of nudge: the number that says how strong the push is; and the boolean, if the rule has one,
  // with which the first block is pushed too, the other way.
  std::string strength = {}, symmetric = {};
};

struct RuleSpec {
  std::string id, version, name, summary, equation;
  std::vector<std::string> references;
  std::uint64_t signals = 0;       // DELTAW_SIGNAL_BIT of each declared signal
  std::uint64_t capabilities = 0;  // DELTAW_CAP_*, the supported dtypes among them
  Scope scope = Scope::local;
  Grain grain = Grain::batch;
  std::optional<PhasesSpec> phases;  // none: one block an update, as its grain says
  std::vector<Dynamics> dynamics;
  Locality locality = Locality::synapse;
  std::optional<Locality> measured;  // by `deltaw manifest`, from what the library does
  std::string supervision;           // "none", "reward", "target" or "error"
  std::vector<ParameterSpec> parameters;

  [[nodiscard]] bool declares(std::uint32_t signal) const { return (signals >> signal) & 1u; }
};

// The names used in manifests, tables and messages.
[[nodiscard]] std::string_view name_of(Locality);
[[nodiscard]] std::string_view name_of(Scope);
[[nodiscard]] std::string_view name_of(Grain);
[[nodiscard]] std::string_view name_of(Dynamics);
[[nodiscard]] std::string_view name_of(PhasesSpec::Type);
[[nodiscard]] std::string_view name_of(ParameterSpec::Type);
// "pre", "spikes.post", ... ; REQUIRES: signal < DELTAW_SIGNAL_COUNT.
[[nodiscard]] std::string_view signal_name(std::uint32_t signal);
[[nodiscard]] std::vector<std::string> signal_names(std::uint64_t mask);
// Of DELTAW_CAP_*: "f32", "f64"; and all others: "strided", "concurrent", ...
[[nodiscard]] std::vector<std::string> dtype_names(std::uint64_t capabilities);
[[nodiscard]] std::vector<std::string> capability_names(std::uint64_t capabilities);

}  // namespace deltaw
