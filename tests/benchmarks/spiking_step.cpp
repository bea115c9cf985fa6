// SPDX-License-Identifier: Apache-2.0
// What a presentation of 1000 steps (350 ms shown, 150 ms of silence, dt 0.5 ms) costs the network
// of Diehl & Cook 2015 (doi:10.3389/fncom.2015.00099) without learning, at growing numbers of
// units, with and without synaptic delays of 0 to 10 ms. CPU time, medians, and the share of each
// part. Usage: spiking_step [PRESENTATIONS [UNITS...]]
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/random.hpp"
#include "spiking/input.hpp"
#include "spiking/network.hpp"

using namespace deltaw;

namespace {

constexpr std::size_t k_pixels = 784, k_shown = 700, k_steps = 1000;

SpikingSpec diehl_and_cook(std::size_t units, double longest_delay) {
  const LeakySpec e = {.model = "conductance",
                       .tau = 100,
                       .rest = -65,
                       .reset = -65,
                       .threshold = -52,
                       .refractory = 5,
                       .initial = -105,
                       .excitatory_tau = 1,
                       .inhibitory_tau = 2,
                       .inhibitory_reversal = -100,
                       .theta = 20,
                       .theta_increment = 0.05,
                       .theta_tau = 1e7,
                       .theta_offset = 20};
  const LeakySpec i = {.model = "conductance",
                       .tau = 10,
                       .rest = -60,
                       .reset = -45,
                       .threshold = -40,
                       .refractory = 2,
                       .initial = -100,
                       .excitatory_tau = 1,
                       .inhibitory_tau = 2,
                       .inhibitory_reversal = -85};
  SpikingSpec spec;
  spec.layers = {{.name = "input", .units = k_pixels, .is_source = true},
                 {.name = "excitatory", .units = units, .leaky = e},
                 {.name = "inhibitory", .units = units, .leaky = i}};
  spec.connections = {{.from = "input",
                       .to = "excitatory",
                       .init = {.type = "uniform", .low = 0.003, .high = 0.303},
                       .delay = {0, longest_delay},
                       .sum = 78,
                       .plastic = true},
                      {.from = "excitatory",
                       .to = "inhibitory",
                       .pattern = "one-to-one",
                       .init = {.type = "constant", .value = 10.4}},
                      {.from = "inhibitory",
                       .to = "excitatory",
                       .receptor = "inhibitory",
                       .pattern = "all-but-self",
                       .init = {.type = "constant", .value = 17}}};
  return spec;
}

// As bright as a digit: of its pixels 19 % are lit, at 0.69 in the mean.
std::vector<float> digit(std::uint64_t number) {
  std::vector<float> values(k_pixels);
  Random random(number, "digit");
  for (std::size_t y = 4; y < 24; ++y) {
    for (std::size_t x = 4; x < 24; ++x) {
      if (random.uniform() < 0.373) {
        values[28 * y + x] = static_cast<float>(0.38 + 0.62 * random.uniform());
      }
    }
  }
  return values;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

void measure(std::size_t units, double longest_delay, std::uint64_t presentations) {
  const SpikingSpec spec = diehl_and_cook(units, longest_delay);
  SpikingNetwork<float> network(spec, 1);
  Encoder<float> encoder({}, k_pixels, spec.dt);
  std::vector<double> of_normalising, of_encoding, of_steps;
  std::size_t in = 0, out = 0;
  for (std::uint64_t number = 0; number < presentations; ++number) {
    const std::vector<float> values = digit(number);
    const double start = thread_seconds();
    network.normalise();
    const double normalised = thread_seconds();
    encoder.encode(values, 1, k_shown * spec.dt, 1, "poisson", number);
    const double encoded = thread_seconds();
    for (std::size_t step = 0; step < k_steps; ++step) {
      network.step(step < k_shown ? encoder.at(step) : std::span<const std::uint32_t>());
      out += network.spikes(1).size();
      in += network.spikes(0).size();
    }
    of_normalising.push_back(1000 * (normalised - start));
    of_encoding.push_back(1000 * (encoded - normalised));
    of_steps.push_back(1000 * (thread_seconds() - encoded));
  }
  const auto share = [&](std::size_t spikes) {
    return static_cast<double>(spikes) / static_cast<double>(presentations);
  };
  fmt::print("{:6} {:6} {:9.3f} {:9.3f} {:9.3f} {:9.0f} {:9.1f}\n", units, longest_delay,
             median(of_steps), median(of_encoding), median(of_normalising), share(in), share(out));
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t presentations = count > 1 ? std::stoull(arguments[1]) : 100;
  std::vector<std::size_t> sizes;
  for (int k = 2; k < count; ++k) sizes.push_back(std::stoul(arguments[k]));
  if (sizes.empty()) sizes = {100, 400, 1600, 6400};
  fmt::print("{:>6} {:>6} {:>9} {:>9} {:>9} {:>9} {:>9}\n", "units", "delay", "steps", "encoding",
             "sums", "spikes in", "spikes out");
  fmt::print("{:>6} {:>6} {:>9} {:>9} {:>9}\n", "", "ms", "ms", "ms", "ms");
  for (const std::size_t units : sizes) {
    for (const double delay : {0.0, 10.0}) measure(units, delay, presentations);
  }
}
