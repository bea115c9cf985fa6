// SPDX-License-Identifier: Apache-2.0
#include "spiking/graph.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <limits>

#include "core/error.hpp"

using namespace deltaw;

namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

SpikingSpec small() {
  SpikingSpec spec;
  spec.layers = {{.name = "x", .units = 3, .is_source = true}, {.name = "a", .units = 3}};
  spec.connections = {{.from = "x", .to = "a"}};
  return spec;
}

std::string failure(Code code, const std::function<void(SpikingSpec&)>& change) {
  SpikingSpec spec = small();
  change(spec);
  try {
    (void)resolve(spec);
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.text();
  }
  return "no error";
}

bool has(const std::string& text, const std::string& part) {
  CAPTURE(text);
  CAPTURE(part);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

void refuse_leaky(const std::function<void(LeakySpec&)>& change, const std::string& part,
                  Code code = Code::E503) {
  has(failure(code, [&](SpikingSpec& spec) { change(spec.layers[1].leaky); }), part);
}

void refuse_source(const std::function<void(SourceSpec&)>& change, const std::string& part,
                   Code code = Code::E503) {
  has(failure(code, [&](SpikingSpec& spec) { change(spec.layers[0].source); }), part);
}

void refuse_connection(const std::function<void(SpikingConnectionSpec&)>& change,
                       const std::string& part, Code code = Code::E503) {
  has(failure(code, [&](SpikingSpec& spec) { change(spec.connections[0]); }), part);
}

}  // namespace

TEST_CASE("names become places, and bounds hold for every weight") {
  SpikingSpec spec = small();
  spec.layers.push_back({.name = "g", .units = 2, .leaky = {.model = "conductance"}});
  spec.connections[0].constraint.sign = "nonpositive";
  spec.connections.push_back({.from = "a", .to = "g", .name = "up", .delay = {1, 4}, .sum = 3});
  spec.connections.push_back({.from = "a",
                              .to = "a",
                              .receptor = "inhibitory",
                              .constraint = {.has_bounds = true, .low = -2, .high = 1},
                              .plastic = true});
  const SpikingGraph graph = resolve(spec);
  CHECK(graph.input == 0);
  CHECK(graph.layers[2].name == "g");
  CHECK(!graph.layers[2].is_source);
  CHECK(graph.connections[0].name == "x>a");
  CHECK(graph.connections[0].upper == 0);
  CHECK(graph.connections[0].lower == -std::numeric_limits<double>::infinity());
  CHECK(graph.connections[1].name == "up");
  CHECK(graph.connections[1].source == 1);
  CHECK(graph.connections[1].target == 2);
  CHECK(graph.connections[1].lower == 0);
  CHECK(graph.connections[1].sum == 3);
  CHECK(graph.connections[1].has_own_delays);
  CHECK(graph.connections[1].longest_delay == 8);
  CHECK(graph.connections[1].is_excitatory);
  CHECK(!graph.connections[2].is_excitatory);
  CHECK(graph.connections[2].is_plastic);
  CHECK(graph.connections[2].lower == -2);
  CHECK(graph.connections[2].upper == 1);
}

TEST_CASE("a layer that makes no sense is refused by name") {
  refuse_leaky([](auto& s) { s.tau = -1; }, "layer 'a' has tau -1");
  refuse_leaky([](auto& s) { s.tau = 0; }, "layer 'a' has tau 0");
  refuse_leaky([](auto& s) { s.excitatory_tau = -5; }, "excitatory_tau -5");
  refuse_leaky([](auto& s) { s.inhibitory_tau = k_nan; }, "inhibitory_tau nan");
  refuse_leaky([](auto& s) { s.theta_tau = 0; }, "theta_tau 0");
  refuse_leaky([](auto& s) { s.refractory = -1; }, "refractory -1");
  refuse_leaky([](auto& s) { s.theta_increment = -0.1; }, "theta_increment -0.1");
  refuse_leaky([](auto& s) { s.theta = -2; }, "theta -2");
  refuse_leaky([](auto& s) { s.rest = k_nan; }, "rest nan");
  refuse_leaky([](auto& s) { s.model = "conductanse"; }, "did you mean 'conductance'?");
  refuse_leaky([](auto& s) { s.integrator = "implict"; }, "did you mean 'implicit'?");
  refuse_leaky([](auto& s) { s.threshold = -70; }, "threshold at -70 mV, not above reset");
  refuse_leaky([](auto& s) { s.theta_offset = 15; }, "threshold at -65 mV, not above reset");
  refuse_leaky(
      [](auto& s) {
        s.model = "conductance";
        s.excitatory_tau = 0;
      },
      "excitatory_tau 0");
}

TEST_CASE("a synaptic tau of 0 is what the current model knows") {
  SpikingSpec spec = small();
  spec.layers[1].leaky.excitatory_tau = 0;
  CHECK_NOTHROW((void)resolve(spec));
}

TEST_CASE("a dt above a time constant is too coarse") {
  has(failure(Code::E515, [](SpikingSpec& spec) { spec.dt = 6; }),
      "at most its excitatory_tau, 5 ms");
  refuse_leaky([](auto& s) { s.tau = 0.4; }, "at most its tau, 0.4 ms", Code::E515);
  refuse_leaky([](auto& s) { s.theta_tau = 0.4; }, "theta_tau", Code::E515);
  refuse_source([](auto& s) { s.rate = 2001; }, "at most 2000 Hz", Code::E515);
  SpikingSpec spec = small();
  spec.dt = 5;
  CHECK_NOTHROW((void)resolve(spec));
}

TEST_CASE("a source that makes no sense is refused by name") {
  refuse_source([](auto& s) { s.type = "poison"; }, "did you mean 'poisson'?");
  refuse_source([](auto& s) { s.rate = -1; }, "layer 'x' has rate -1");
  refuse_source([](auto& s) { s.window = 0; }, "window 0");
  refuse_source([](auto& s) { s.type = "spikes"; }, "layer 'x' names no file");
}

TEST_CASE("a network without time, units, names or a source is refused") {
  has(failure(Code::E503, [](SpikingSpec& spec) { spec.dt = 0; }), "dt must be above 0 ms");
  has(failure(Code::E503, [](SpikingSpec& spec) { spec.layers[1].units = 0; }),
      "layer 'a' has no units");
  has(failure(Code::E503, [](SpikingSpec& spec) { spec.layers[1].name = "x"; }),
      "two layers are named 'x'");
  has(failure(Code::E503, [](SpikingSpec& spec) { spec.layers[0].is_source = false; }),
      "no source of spikes");
  has(failure(Code::E503,
              [](SpikingSpec& spec) { spec.connections.push_back(spec.connections[0]); }),
      "two connections are named 'x>a'");
}

TEST_CASE("a connection that makes no sense is refused by name") {
  refuse_connection([](auto& c) { c.to = "b"; }, "names no layer 'b'", Code::E510);
  refuse_connection([](auto& c) { c.from = "y"; }, "names no layer 'y'", Code::E510);
  refuse_connection([](auto& c) { c.to = "x"; }, "leads to a source");
  refuse_connection([](auto& c) { c.receptor = "excitatori"; }, "did you mean 'excitatory'?");
  refuse_connection([](auto& c) { c.pattern = "one-to-all"; }, "no pattern 'one-to-all'");
  refuse_connection([](auto& c) { c.init.type = "select"; }, "no initialiser 'select'");
  refuse_connection([](auto& c) { c.init.silent = {3}; }, "silences unit 3");
  refuse_connection([](auto& c) { c.constraint.sign = "dale"; }, "no sign 'dale'");
  refuse_connection([](auto& c) { c.constraint.norm = 1; }, "\"sum\"");
  refuse_connection([](auto& c) { c.constraint.column_sum = 1; }, "\"sum\"");
  refuse_connection([](auto& c) { c.constraint = {.has_bounds = true, .low = 1, .high = 0}; },
                    "bounds 1 and 0");
  refuse_connection([](auto& c) { c.density = 0.5; }, "has a density, but is all-to-all");
  refuse_connection(
      [](auto& c) {
        c.pattern = "random";
        c.density = 0;
      },
      "density 0");
  refuse_connection([](auto& c) { c.sum = -1; }, "sum -1");
  refuse_connection([](auto& c) { c.delay = {-1, 2}; }, "delays of -1 to 2 ms");
  refuse_connection([](auto& c) { c.delay = {3, 2}; }, "delays of 3 to 2 ms");
  refuse_connection([](auto& c) { c.delay = {0, 127.5}; }, "at most 254 steps, 127 ms", Code::E516);
  refuse_connection([](auto& c) { c.delay = {128, 128}; }, "at most 254 steps", Code::E516);
  for (const char* pattern : {"one-to-one", "all-but-self"}) {
    has(failure(Code::E503,
                [&](SpikingSpec& spec) {
                  spec.layers[0].units = 4;
                  spec.connections[0].pattern = pattern;
                }),
        "4 and 3");
  }
}

TEST_CASE("a source of currents has no spikes to learn from or to delay") {
  const auto refuse = [](const std::function<void(SpikingConnectionSpec&)>& change,
                         const std::string& part) {
    has(failure(Code::E503,
                [&](SpikingSpec& spec) {
                  spec.layers[0].source.type = "current";
                  change(spec.connections[0]);
                }),
        part);
  };
  refuse([](auto& c) { c.plastic = true; }, "without spikes to learn from");
  refuse([](auto& c) { c.delay = {1, 1}; }, "delays a constant current");
  refuse_source([](SourceSpec& s) { s.amplitude = k_nan; }, "amplitude nan");
  SpikingSpec spec = small();
  spec.layers[0].source.type = "current";
  spec.layers[1].leaky.model = "conductance";
  CHECK(resolve(spec).layers[0].is_current);
  CHECK(resolve(spec).connections[0].lower < 0);
}
