// SPDX-License-Identifier: Apache-2.0
// Every storage is filled by the same walk over the pattern, so that a network's draws do not
// depend on what is plastic.
#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "network/draw_weight.hpp"
#include "spiking/pattern.hpp"
#include "spiking/synapses.hpp"

namespace deltaw {
namespace {

constexpr arma::u8 k_no_synapse = DelayRing<float>::k_no_synapse;

double inputs_of_a_unit(const SpikingConnectionSpec& spec, double inputs) {
  if (spec.pattern == "one-to-one") return 1;
  if (spec.pattern == "all-but-self") return std::max(1.0, inputs - 1);
  return spec.density * inputs;
}

// What one walk draws for each synapse.
template <class T>
class Draws {
 public:
  Draws(const SpikingConnectionSpec& spec, const std::string& name, std::size_t outputs,
        std::size_t inputs, double dt, double lower, double upper, std::uint64_t seed)
      : spec_(spec),
        name_(name),
        fan_in_(inputs_of_a_unit(spec, static_cast<double>(inputs))),
        fan_out_(fan_in_ * static_cast<double>(outputs) / static_cast<double>(inputs)),
        dt_(dt),
        lower_(lower),
        upper_(upper),
        is_silent_(outputs),
        weights_(seed, "init/" + name),
        delays_(seed, "delays/" + name) {
    for (const std::size_t unit : spec.init.silent) is_silent_[unit] = true;
  }

  T weight(std::uint32_t target) {
    const double drawn = draw_weight(spec_.init, weights_, fan_in_, fan_out_);
    const double weight = is_silent_[target] ? 0 : drawn;
    if (weight >= lower_ && weight <= upper_) return static_cast<T>(weight);
    throw Error(Code::E517,
                fmt::format("connection '{}' starts with a weight outside its bounds", name_),
                {.expected = fmt::format("{} to {}", lower_, upper_),
                 .found = fmt::format("{}", weight),
                 .hint = "another \"init\", or wider \"bounds\"; onto conductances no weight is "
                         "negative: \"receptor\" says what it does"});
  }

  // Steps, to the nearest.
  arma::u8 delay() {
    const double ms = spec_.delay.low + (spec_.delay.high - spec_.delay.low) * delays_.uniform();
    return static_cast<arma::u8>(std::lround(ms / dt_));
  }

 private:
  const SpikingConnectionSpec& spec_;
  const std::string& name_;
  double fan_in_, fan_out_, dt_, lower_, upper_;
  std::vector<bool> is_silent_;
  Random weights_, delays_;
};

}  // namespace

template <class T>
Synapses<T> draw_synapses(const SpikingConnectionSpec& spec, const std::string& name,
                          std::size_t outputs, std::size_t inputs, double dt, double lower,
                          double upper, std::uint64_t seed) {
  Draws<T> draws(spec, name, outputs, inputs, dt, lower, upper, seed);
  const auto walk = [&](auto visit) {
    for_each_synapse(spec, name, static_cast<std::uint32_t>(outputs),
                     static_cast<std::uint32_t>(inputs), seed, visit);
  };
  const bool has_own_delays = spec.delay.low < spec.delay.high,
             changes = spec.plastic || spec.sum > 0, is_full = spec.pattern == "all-to-all",
             leaves_self = spec.pattern == "all-but-self";
  if (!changes && !has_own_delays && spec.pattern == "one-to-one") {
    PairSynapses<T> pairs;
    walk([&](std::uint32_t target, std::uint32_t) {
      pairs.weights.push_back(draws.weight(target));
    });
    return pairs;
  }
  if (!changes && !has_own_delays && leaves_self && spec.init.type == "constant" &&
      spec.init.silent.empty()) {
    return AllButSelfSynapses<T>{draws.weight(0)};
  }
  if (changes || is_full || leaves_self) {
    DenseSynapses<T> dense;
    dense.weights.zeros(outputs, inputs);
    if (has_own_delays || (spec.plastic && !is_full)) {
      dense.delays.set_size(outputs, inputs);
      dense.delays.fill(k_no_synapse);
    }
    const auto alike = static_cast<arma::u8>(std::lround(spec.delay.low / dt));
    walk([&](std::uint32_t target, std::uint32_t source) {
      dense.weights(target, source) = draws.weight(target);
      if (!dense.delays.empty()) {
        dense.delays(target, source) = has_own_delays ? draws.delay() : alike;
      }
    });
    return dense;
  }
  SparseSynapses<T> sparse;
  sparse.start.assign(inputs + 1, 0);
  walk([&](std::uint32_t target, std::uint32_t source) {
    sparse.targets.push_back(target);
    sparse.weights.push_back(draws.weight(target));
    if (has_own_delays) sparse.delays.push_back(draws.delay());
    sparse.start[source + 1] = sparse.targets.size();
  });
  for (std::size_t s = 1; s <= inputs; ++s) {
    sparse.start[s] = std::max(sparse.start[s], sparse.start[s - 1]);
  }
  return sparse;
}

template Synapses<float> draw_synapses(const SpikingConnectionSpec&, const std::string&,
                                       std::size_t, std::size_t, double, double, double,
                                       std::uint64_t);
template Synapses<double> draw_synapses(const SpikingConnectionSpec&, const std::string&,
                                        std::size_t, std::size_t, double, double, double,
                                        std::uint64_t);

}  // namespace deltaw
