// SPDX-License-Identifier: Apache-2.0
#include "spiking/saturation.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "spiking/network.hpp"

using namespace deltaw;

namespace {

// Whether 100 ms with so many spikes of 10 units, which may spike every 2 ms, saturate.
bool saturates(std::size_t spikes, bool is_unstable) {
  SaturationWatch watch({}, "a", 10, 4, 0.5);
  try {
    for (std::size_t step = 0; step < 200; ++step) {
      watch.take(step == 7 ? spikes : 0, is_unstable && step == 90);
    }
  } catch (const Error& error) {
    CHECK(error.code() == Code::E308);
    return true;
  }
  return false;
}

// Excitation and inhibition as in Diehl & Cook 2015, with an input strong enough that more than 24
// inhibitory units may fire together: 0.5 / 100 (1 + 24 x 17) > 2.
SpikingSpec strong(const std::string& integrator) {
  const LeakySpec e = {.model = "conductance",
                       .tau = 100,
                       .rest = -65,
                       .reset = -65,
                       .threshold = -52,
                       .refractory = 5,
                       .excitatory_tau = 1,
                       .inhibitory_tau = 2,
                       .inhibitory_reversal = -100,
                       .integrator = integrator};
  LeakySpec i = e;
  i.tau = 10;
  i.threshold = -40;
  i.reset = i.rest = -60;
  i.refractory = 2;
  SpikingSpec spec;
  spec.layers = {{.name = "x", .units = 50, .is_source = true},
                 {.name = "e", .units = 400, .leaky = e},
                 {.name = "i", .units = 400, .leaky = i}};
  spec.connections = {{.from = "x", .to = "e", .init = {.type = "uniform", .low = 0, .high = 0.1}},
                      {.from = "e",
                       .to = "i",
                       .pattern = "one-to-one",
                       .init = {.type = "constant", .value = 10.4}},
                      {.from = "i",
                       .to = "e",
                       .receptor = "inhibitory",
                       .pattern = "all-but-self",
                       .init = {.type = "constant", .value = 17}}};
  return spec;
}

std::string outcome(const std::string& integrator) {
  SpikingNetwork<float> network(strong(integrator), 1);
  std::vector<std::uint32_t> all(50);
  for (std::uint32_t k = 0; k < 50; ++k) all[k] = k;
  try {
    for (int n = 0; n < 2000; ++n) network.step(all);
  } catch (const Error& error) {
    CHECK(error.code() == Code::E308);
    return error.text();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a layer saturates at 95 % of what it can, or at 50 % where Euler is unstable") {
  // 10 units, at most 50 spikes each in 100 ms.
  CHECK(!saturates(475, false));
  CHECK(saturates(476, false));
  CHECK(!saturates(250, true));
  CHECK(saturates(251, true));
}

TEST_CASE("windows do not add up") {
  SaturationWatch watch({}, "a", 10, 4, 0.5);
  for (std::size_t step = 0; step < 2000; ++step) CHECK_NOTHROW(watch.take(2, false));
}

TEST_CASE("an unstable step counts in its own window alone") {
  SaturationWatch watch({}, "a", 10, 4, 0.5);
  for (std::size_t step = 0; step < 600; ++step) {
    CHECK_NOTHROW(watch.take(step < 200 ? 1 : 2, step == 7));
  }
}

TEST_CASE("a seizure of forward Euler is named, and an implicit step has none") {
  const std::string text = outcome("euler");
  CAPTURE(text);
  CHECK(text.find("layer 'e' saturates") != std::string::npos);
  CHECK(text.find("Hz a unit over 100 ms") != std::string::npos);
  CHECK(text.find("integrator \"implicit\"") != std::string::npos);
  CHECK(outcome("implicit") == "no error");
  CHECK(outcome("exponential") == "no error");
}

TEST_CASE("a layer that is driven by a current alone may spike as fast as it can") {
  SpikingSpec spec;
  const LeakySpec fast = {.refractory = 5, .current = 1e5};
  spec.layers = {{.name = "x", .units = 1, .is_source = true},
                 {.name = "free", .units = 2, .leaky = fast}};
  SpikingNetwork<double> network(spec, 1);
  std::size_t spikes = 0;
  for (int n = 0; n < 1000; ++n) {
    network.step({});
    spikes += network.spikes(1).size();
  }
  CHECK(spikes == 200);
  spec.connections = {{.from = "x", .to = "free"}};
  SpikingNetwork<double> driven(spec, 1);
  CHECK_THROWS_AS(
      [&] {
        for (int n = 0; n < 1000; ++n) driven.step({});
      }(),
      Error);
}
