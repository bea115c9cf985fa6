// SPDX-License-Identifier: Apache-2.0
// How a network is trained, as the experiment describes it: plain values.
#pragma once

#include <cstddef>
#include <limits>
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

// Epochs from, from + 1, ..., until - 1, counted from 0.
struct EpochRange {
  std::size_t from = 0, until = std::numeric_limits<std::size_t>::max();

  [[nodiscard]] bool holds(std::size_t epoch) const { return from <= epoch && epoch < until; }
  [[nodiscard]] bool meets(const EpochRange& other) const {
    return from < other.until && other.from < until;
  }
  [[nodiscard]] bool is_everything() const {
    return from == 0 && until == std::numeric_limits<std::size_t>::max();
  }
};

struct ExplorationSpec {
  double deviation = 0;   // of the Gaussian noise on potentials; 0: none
  std::size_t draws = 1;  // perturbed passes averaged into one update
  // In a network with time, instead: each unit at random times, at `rate` (Hz), by a uniform amount
  // in (-amplitude, amplitude), from `from` ms of a trial on.
  double rate = 0, amplitude = 0, from = 0;
  bool on_potential = false;    // noise is added to x where a layer has it; else to its drive
  double weight_deviation = 0;  // of the Gaussian noise on weights, for rules that see it
};

// What a trial is rewarded with: offset minus its error, the mean of |output - target| over outputs
// and response window; or a sample that spiking units answered, with an error of 0 or 1.
struct RewardSpec {
  // "none", of spiking units only. "delayed": once, when the trial has ended. "instantaneous": at
  // every step of the response window, offset minus the error of that step. "sporadic": the same,
  // but only every `every` ms.
  std::string type = "delayed";
  double every = 50;  // ms
  double offset = 0;
  // What to expect of it: "mean", m = decay m + (1 - decay) R over earlier trials of the same kind
  // (the latest draw of each), from 0; or "clean", the reward of a second pass without noise. Of
  // spiking units: "none" or "mean", over samples of the same class.
  std::string baseline = "mean";
  double decay = 0.75;
  // Of spiking units, for controls: each sample is judged by the class of another one.
  bool is_shuffled = false;
};

struct TrainingSpec {
  std::size_t epochs = 10;  // of static networks
  std::size_t batch = 32;
  std::size_t trials = 3000;  // of networks with time
  std::size_t warm_up = 0;    // trials at the start whose changes are not made
  // Parts in which a trial is shown to rules of grain trial that learn from a delayed reward; with
  // more than one, a second thread lets them observe a part while the next is simulated.
  std::size_t pieces = 1;
  std::size_t evaluate_every = 1;  // epochs or trials
  // Whether the first inputs, one a class, tell the label: to rules that are shown right and wrong
  // ones; 1 / classes each to all others.
  bool has_label_inputs = false;
  LossSpec loss;
  ExplorationSpec exploration;
  RewardSpec reward;
};

}  // namespace deltaw
