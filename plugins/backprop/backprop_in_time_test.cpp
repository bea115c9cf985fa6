// SPDX-License-Identifier: Apache-2.0
// The same plugin is backpropagation through time where layers have dynamics.
#include "backprop.cpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// Input, a recurrent layer of rate units with one clamped, a second rate layer, a linear readout.
NetworkSpec in_time() {
  NetworkSpec spec = chain({layer("input", 2), layer("first", 5, "tanh"),
                            layer("second", 4, "tanh"), layer("output", 2)});
  for (LayerSpec& l : spec.layers) {
    if (l.name == "input" || l.name == "output") continue;
    l.dynamics.type = "rate";
    l.dynamics.tau = 4;
    spec.connections.push_back(connection(l.name, l.name));
  }
  spec.layers[1].dynamics.clamped = {{3, 0.7}};
  return spec;
}

}  // namespace

TEST_CASE("ΔW of a network with time is minus the gradient by central differences") {
  for (const std::string integrator : {"euler", "exponential"}) {
    NetworkSpec spec = in_time();
    for (LayerSpec& l : spec.layers) l.dynamics.integrator = integrator;
    Bench<double> bench(spec, {.type = "mse"}, gaussian<double>(2, 30, "inputs"),
                        gaussian<double>(2, 30, "targets"));
    RuleOnNetwork<Backprop, double> rule(bench);
    const std::vector<arma::mat> changes = rule.propose();
    REQUIRE(changes.size() == 8);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      CAPTURE(bench.network.graph().connections[rule.driven()[i]].name);
      CHECK(arma::norm(changes[i], "fro") > 1e-4);
      CHECK(relative_error(changes[i], bench.descent(rule.driven()[i], 1e-5)) < 1e-6);
    }
  }
}

TEST_CASE("a loss on a window of the trial alone, squared or absolute, has its own gradient") {
  for (const std::string loss : {"mse", "absolute"}) {
    CAPTURE(loss);
    Bench<double> bench(in_time(), {.type = loss}, gaussian<double>(2, 30, "inputs"),
                        gaussian<double>(2, 30, "targets"));
    bench.counted = {20, 27};
    RuleOnNetwork<Backprop, double> rule(bench);
    const std::vector<arma::mat> changes = rule.propose();
    for (std::size_t i = 0; i < changes.size(); ++i) {
      CHECK(arma::norm(changes[i], "fro") > 1e-5);
      CHECK(relative_error(changes[i], bench.descent(rule.driven()[i], 1e-5)) < 1e-6);
    }
  }
}
