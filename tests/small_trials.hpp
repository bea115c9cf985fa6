// SPDX-License-Identifier: Apache-2.0
// An experiment in trials that takes a moment, for tests that run or interrupt one.
#pragma once

#include <nlohmann/json.hpp>

namespace deltaw::test {

// 50 steps a trial, 50 trials of which 10 warm up, a row every 20.
inline nlohmann::json small_trials() {
  return nlohmann::json::parse(R"({
    "deltaw": 1, "name": "small-trials",
    "task": {"trials": {"type": "delayed-nonmatch", "dt": 5, "first": [10, 60],
                        "second": [100, 150], "response": [200, 250]}},
    "network": {
      "layers": [{"name": "input", "units": 2},
                 {"name": "recurrent", "units": 12, "activation": "tanh", "dynamics": "rate",
                  "bias": false},
                 {"name": "output", "units": 1, "bias": false}],
      "connections": [
        {"from": "input", "to": "recurrent", "plastic": false,
         "init": {"type": "uniform", "low": -1, "high": 1}},
        {"from": "recurrent", "to": "recurrent", "init": "normal"},
        {"from": "recurrent", "to": "output", "plastic": false,
         "init": {"type": "select", "units": [3]}}]},
    "training": {"trials": 50, "warm_up": 10, "evaluate_every": 20,
                 "exploration": {"rate": 20, "amplitude": 3}},
    "optimizer": {"type": "sgd", "rate": 0.01},
    "criterion": {"error": 0.97, "share": 0.5, "of": 10},
    "rules": ["node-perturbation"], "seeds": [3, 5]})");
}

}  // namespace deltaw::test
