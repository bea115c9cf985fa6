// SPDX-License-Identifier: Apache-2.0
// What a connection of the spiking network must satisfy.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "spiking/graph.hpp"

namespace deltaw {
namespace {

constexpr long k_longest_delay = 254;

class Check {
 public:
  Check(const SpikingConnectionSpec& spec, const std::string& name) : spec_(spec), name_(name) {}

  void names() const {
    known("receptor", spec_.receptor, {"excitatory", "inhibitory"});
    known("pattern", spec_.pattern, {"all-to-all", "one-to-one", "all-but-self", "random"});
    known("initialiser", spec_.init.type,
          {"glorot-uniform", "glorot-normal", "he-uniform", "he-normal", "normal", "abs-normal",
           "uniform", "constant", "zeros"});
    known("sign", spec_.constraint.sign, {"none", "nonnegative", "nonpositive"});
  }

  void pattern(std::size_t sources, std::size_t targets) const {
    const bool pairs = spec_.pattern == "one-to-one" || spec_.pattern == "all-but-self";
    if (pairs && sources != targets) {
      refuse(fmt::format("is {}, between layers of unequal size", spec_.pattern),
             {.expected = "as many sources as targets",
              .found = fmt::format("{} and {}", sources, targets)});
    }
    if (!(spec_.density > 0) || spec_.density > 1) {
      refuse(fmt::format("has density {}", spec_.density), {.expected = "above 0, at most 1"});
    }
    if (spec_.density < 1 && spec_.pattern != "random") {
      refuse(fmt::format("has a density, but is {}", spec_.pattern),
             {.hint = "\"pattern\": \"random\""});
    }
    for (const std::size_t unit : spec_.init.silent) {
      if (unit < targets) continue;
      refuse(fmt::format("silences unit {}", unit),
             {.expected = fmt::format("0 to {}", targets - 1)});
    }
  }

  void delay(double dt) const {
    const auto [low, high] = spec_.delay;
    if (!(low >= 0) || !(high >= low)) {
      refuse(fmt::format("has delays of {} to {} ms", low, high),
             {.expected = "0 ms or more, the lower first"});
    }
    if (high / dt <= k_longest_delay + 0.25) return;
    throw Error(Code::E516, fmt::format("connection '{}' has delays up to {} ms", name_, high),
                {.expected = fmt::format("at most {} steps, {} ms", k_longest_delay,
                                         static_cast<double>(k_longest_delay) * dt),
                 .hint = "shorter delays, or a larger \"dt\""});
  }

  // A constant current has no spikes: nothing that rules see, and nothing to delay.
  void current() const {
    if (spec_.plastic) {
      refuse("is plastic, from a source of current without spikes to learn from",
             {.hint = "\"plastic\": false"});
    }
    if (spec_.delay.high > 0) {
      refuse("delays a constant current", {.hint = "leave the \"delay\" out"});
    }
  }

  void constraint(std::size_t inputs) const {
    const ConstraintSpec& c = spec_.constraint;
    if (c.has_bounds && !(c.low <= c.high)) {
      refuse(fmt::format("has bounds {} and {}", c.low, c.high), {.expected = "the lower first"});
    }
    if (c.norm != 0 || c.column_sum != 0) {
      refuse("scales its weights in a way that spikes do not know", {.hint = "\"sum\""});
    }
    if (!(spec_.sum >= 0) || !std::isfinite(spec_.sum)) {
      refuse(fmt::format("has sum {}", spec_.sum), {.expected = "above 0, or 0: none"});
    }
    const double most = c.has_bounds ? c.high * static_cast<double>(inputs) : spec_.sum;
    if (spec_.sum > most) {
      refuse(fmt::format("scales weights to a sum of {}, beyond their bounds", spec_.sum),
             {.expected = fmt::format("at most {} from {} inputs", most, inputs)});
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& problem, Detail detail) const {
    throw Error(Code::E503, fmt::format("connection '{}' {}", name_, problem), std::move(detail));
  }

  void known(const std::string& key, const std::string& value,
             const std::vector<std::string>& all) const {
    if (std::find(all.begin(), all.end(), value) != all.end()) return;
    refuse(fmt::format("has no {} '{}'", key, value), {.hint = suggest(value, all)});
  }

  const SpikingConnectionSpec& spec_;
  const std::string& name_;
};

}  // namespace

void check_synapses(const SpikingConnectionSpec& spec, const std::string& name,
                    const SpikingLayerSpec& from, const SpikingLayerSpec& to, double dt) {
  if (to.is_source) {
    throw Error(Code::E503, fmt::format("connection '{}' leads to a source of spikes", name),
                {.expected = "a layer of leaky units"});
  }
  const Check check(spec, name);
  check.names();
  check.pattern(from.units, to.units);
  check.delay(dt);
  if (from.is_source && from.source.type == "current") check.current();
  check.constraint(from.units);
}

}  // namespace deltaw
