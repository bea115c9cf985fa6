// SPDX-License-Identifier: Apache-2.0
// How a network is trained, as the experiment describes it: plain values.
#pragma once

#include <cstddef>
#include <string>

#include "network/loss_spec.hpp"

namespace deltaw {

struct ScheduleSpec {
  // "constant", "step" (times factor every `every` epochs), "exponential" (factor^epoch),
  // "cosine" (to final_fraction over all epochs), "linear" (the same, straight), "inverse"
  // (1 / (1 + t / every), t in epochs), each after `warmup` epochs of linear rise.
  std::string type = "constant";
  double factor = 1;
  double every = 1;
  double final_fraction = 0;
  double warmup = 0;
};

struct OptimizerSpec {
  // "sgd", "momentum", "nesterov", "rmsprop", "adam", "adadelta", "exponentiated-gradient"
  std::string type = "sgd";
  double rate = 0.1;
  double momentum = 0.9;              // momentum, nesterov
  double decay = 0.9;                 // rho of rmsprop (0.9) and adadelta (0.95)
  double beta1 = 0.9, beta2 = 0.999;  // adam
  double epsilon = 1e-8;              // rmsprop, adam 1e-8, adadelta 1e-7
  double weight_decay = 0;            // decoupled: W -= rate * weight_decay * W
  double clip = 0;                    // each |ΔW| at most this before the optimizer; 0: off
  ScheduleSpec schedule;
};

struct ExplorationSpec {
  double deviation = 0;   // of the Gaussian noise on potentials; 0: none
  std::size_t draws = 1;  // perturbed passes averaged into one update
};

struct TrainingSpec {
  std::size_t epochs = 10;
  std::size_t batch = 32;
  std::size_t evaluate_every = 1;  // epochs
  LossSpec loss;
  ExplorationSpec exploration;
};

}  // namespace deltaw
