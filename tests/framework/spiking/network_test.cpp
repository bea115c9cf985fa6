// SPDX-License-Identifier: Apache-2.0
#include "spiking/network.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "spiking/input.hpp"

using namespace deltaw;

namespace {

constexpr std::size_t k_inputs = 40;

// A little of everything: two sources, both models, all patterns, both kinds of delays.
SpikingSpec zoo() {
  const LeakySpec conductance = {.model = "conductance",
                                 .tau = 30,
                                 .threshold = -55,
                                 .refractory = 3,
                                 .excitatory_tau = 2,
                                 .theta = 1,
                                 .theta_increment = 0.3,
                                 .theta_tau = 500};
  const LeakySpec current = {
      .threshold = -60, .refractory = 2, .inhibitory_tau = 0, .integrator = "exponential"};
  SpikingSpec spec;
  spec.layers = {{.name = "background", .units = 7, .is_source = true},
                 {.name = "e", .units = 90, .leaky = conductance},
                 {.name = "x", .units = k_inputs, .is_source = true},
                 {.name = "i", .units = 90, .leaky = current}};
  std::swap(spec.layers[0], spec.layers[2]);
  const InitSpec uniform = {.type = "uniform", .low = 0.1, .high = 0.5};
  spec.connections = {
      {.from = "x", .to = "e", .init = uniform, .delay = {0, 10}, .sum = 12, .plastic = true},
      {.from = "background", .to = "e", .pattern = "random", .density = 0.3, .init = uniform},
      {.from = "e",
       .to = "i",
       .pattern = "one-to-one",
       .init = {.type = "constant", .value = 80},
       .delay = {1, 1}},
      {.from = "i",
       .to = "e",
       .receptor = "inhibitory",
       .pattern = "all-but-self",
       .init = {.type = "constant", .value = 2}},
      {.from = "x",
       .to = "i",
       .receptor = "inhibitory",
       .pattern = "random",
       .density = 0.5,
       .init = uniform,
       .delay = {0.5, 3}},
      {.from = "e",
       .to = "e",
       .pattern = "random",
       .density = 0.2,
       .init = uniform,
       .delay = {2, 2},
       .plastic = true}};
  return spec;
}

// Everything that can be seen of steps [first, last), with weights that change as they go.
template <class T>
std::vector<T> course(SpikingNetwork<T>& network, int first, int last) {
  std::vector<T> seen;
  Encoder<T> x({.rate = 100}, k_inputs, network.dt()), background({.rate = 80}, 7, network.dt());
  x.encode(std::vector<T>(k_inputs, T(0.5)), 1, 1000, 9, "x", 0);
  background.encode(std::vector<T>(7, T(1)), 1, 1000, 9, "background", 0);
  for (int n = first; n < last; ++n) {
    const auto step = static_cast<std::size_t>(n);
    network.feed(2, background.at(step));
    network.step(x.at(step));
    for (const std::size_t layer : {1u, 3u}) {
      const arma::Col<T> v = network.potential(layer), theta = network.theta(layer);
      seen.insert(seen.end(), v.begin(), v.end());
      seen.insert(seen.end(), theta.begin(), theta.end());
      for (const std::uint32_t unit : network.spikes(layer)) {
        seen.push_back(static_cast<T>(unit));
        network.weights(0)(unit, step % k_inputs) += T(0.01);
      }
    }
    if (n % 250 == 249) network.normalise();
  }
  return seen;
}

}  // namespace

TEST_CASE_TEMPLATE("the same seed gives the same bits, another seed others", T, float, double) {
  SpikingNetwork<T> one(zoo(), 1), again(zoo(), 1), other(zoo(), 2);
  const std::vector<T> seen = course(one, 0, 800);
  CHECK(one.now() == 800);
  CHECK(course(again, 0, 800) == seen);
  CHECK(course(other, 0, 800) != seen);
}

TEST_CASE("the zoo is alive") {
  SpikingNetwork<double> network(zoo(), 1);
  std::size_t e = 0, i = 0;
  for (int n = 0; n < 800; ++n) {
    course(network, n, n + 1);
    e += network.spikes(1).size();
    i += network.spikes(3).size();
  }
  CHECK(e > 100);
  CHECK(i > 50);
}

TEST_CASE_TEMPLATE("a network that was saved goes on with the same bits", T, float, double) {
  SpikingNetwork<T> whole(zoo(), 1), first(zoo(), 1), second(zoo(), 1);
  course(whole, 0, 411);
  const std::vector<T> expected = course(whole, 411, 900);
  course(first, 0, 411);
  StateWriter writer;
  first.save(writer);
  StateReader reader(writer.bytes());
  second.load(reader);
  CHECK_NOTHROW(reader.finish());
  CHECK(second.now() == 411);
  CHECK(course(second, 411, 900) == expected);
}

TEST_CASE_TEMPLATE("thousands of units shared out among threads keep their bits", T, float,
                   double) {
  CHECK_FALSE(SpikingNetwork<T>(zoo(), 3).is_large());
  SpikingSpec spec = zoo();
  spec.layers[1].units = spec.layers[3].units = 2500;
  spec.connections[0].delay = {};
  spec.connections.back().density = 0.01;
  SpikingNetwork<T> alone(spec, 3);
  CHECK(alone.is_large());
  const std::vector<T> seen = course(alone, 0, 300);
  for (const std::size_t members : {1u, 2u, 3u}) {
    Team team(members);
    SpikingNetwork<T> together(spec, 3);
    together.share(&team);
    CHECK(course(together, 0, 300) == seen);
  }
}

TEST_CASE("a copy goes its own way") {
  SpikingNetwork<double> one(zoo(), 1);
  course(one, 0, 300);
  SpikingNetwork<double> copy = one;
  CHECK(copy.arrivals(0).size() == one.arrivals(0).size());
  copy.weights(0).zeros();
  CHECK(arma::accu(one.weights(0)) > 1);
  SpikingNetwork<double> other = one;
  CHECK(course(other, 300, 600) == course(one, 300, 600));
}

TEST_CASE("a state of another seed, network or precision is refused") {
  SpikingNetwork<float> network(zoo(), 1);
  StateWriter writer;
  network.save(writer);
  const auto code = [&](auto other) {
    StateReader reader(writer.bytes());
    try {
      other.load(reader);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::E001;
  };
  SpikingSpec larger = zoo();
  larger.layers[1].units = larger.layers[3].units = 91;
  CHECK(code(SpikingNetwork<float>(zoo(), 1)) == Code::E001);
  CHECK(code(SpikingNetwork<float>(zoo(), 2)) == Code::E306);
  CHECK(code(SpikingNetwork<float>(larger, 1)) == Code::E306);
  CHECK(code(SpikingNetwork<double>(zoo(), 1)) == Code::E306);
}

TEST_CASE("a spike moves its target's v from the next step on, and a chain a step at a time") {
  SpikingSpec spec;
  const LeakySpec leaky = {.tau = 10,
                           .rest = -65,
                           .reset = -65,
                           .threshold = -64,
                           .refractory = 5,
                           .excitatory_tau = 5,
                           .integrator = "euler"};
  spec.dt = 1;
  spec.layers = {{.name = "x", .units = 1, .is_source = true},
                 {.name = "b", .units = 1, .leaky = leaky},
                 {.name = "a", .units = 1, .leaky = leaky}};
  const InitSpec weight = {.type = "constant", .value = 30};
  spec.connections = {{.from = "a", .to = "b", .init = weight},
                      {.from = "x", .to = "a", .init = weight}};
  SpikingNetwork<double> network(spec, 1);
  const std::uint32_t unit = 0;
  network.step({&unit, 1});
  CHECK(network.potential(2)[0] == -65);
  CHECK(network.excitatory_input(2)[0] == 30);
  network.step({});  // v = -65 + 0.1 x 30 = -62: a spike, reset after it has left
  CHECK(network.spikes(2).size() == 1);
  CHECK(network.potential(2)[0] == -65);
  CHECK(network.excitatory_input(2)[0] == 24);
  CHECK(network.excitatory_input(1)[0] == 30);
  CHECK(network.spikes(1).empty());
  network.step({});
  CHECK(network.spikes(1).size() == 1);
  CHECK(network.spikes(2).empty());
}

TEST_CASE("a source that is not fed is silent") {
  SpikingNetwork<double> network(zoo(), 1);
  const std::vector<std::uint32_t> units = {1, 4};
  network.feed(2, units);
  CHECK(network.spikes(2).empty());
  network.step({});
  CHECK(network.spikes(2).size() == 2);
  CHECK(network.spikes(2)[1] == 4);
  network.step({});
  CHECK(network.spikes(2).empty());
}

TEST_CASE("held thresholds stand in every layer") {
  SpikingNetwork<double> network(zoo(), 1);
  course(network, 0, 400);
  const arma::vec theta = network.theta(1);
  CHECK(theta.max() > 1.1);
  network.hold_thresholds(true);
  course(network, 400, 800);
  CHECK(arma::approx_equal(network.theta(1), theta, "absdiff", 0));
  network.hold_thresholds(false);
  course(network, 800, 801);
  CHECK(!arma::approx_equal(network.theta(1), theta, "absdiff", 0));
}

TEST_CASE("weights that start outside their bounds, or below 0 onto conductances, are refused") {
  const auto code = [](const InitSpec& init, const ConstraintSpec& constraint) {
    SpikingSpec spec = zoo();
    spec.connections[0].init = init;
    spec.connections[0].constraint = constraint;
    try {
      SpikingNetwork<float> network(spec, 1);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::E001;
  };
  CHECK(code({.type = "uniform", .low = 0, .high = 1}, {}) == Code::E001);
  CHECK(code({.type = "uniform", .low = -1, .high = 1}, {}) == Code::E517);
  CHECK(code({.type = "constant", .value = 2}, {.has_bounds = true, .low = 0, .high = 1}) ==
        Code::E517);
}
