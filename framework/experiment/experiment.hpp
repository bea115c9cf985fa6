// SPDX-License-Identifier: Apache-2.0
// An experiment as its file says, everything resolved: plain values. Any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiment/tune_spec.hpp"
#include "network/spec.hpp"
#include "plugin/rule_spec.hpp"
#include "readout/spec.hpp"
#include "result/criterion.hpp"
#include "spiking/spec.hpp"
#include "task/spec.hpp"
#include "training/spec.hpp"

namespace deltaw {

using RuleParameters = std::map<std::string, ParameterValue>;

// One rule and the connections that it changes: a network-scope rule all of them together, a local
// rule each for itself.
struct Drive {
  std::string rule;  // id, or id@version
  RuleParameters parameters;
  std::vector<std::string> connections;  // full names, "<layer>.bias" among them; all plastic
  OptimizerSpec optimizer;
  EpochRange epochs = {};  // when; not of tasks in trials
};

// A rule that watches a run which others drive.
struct Shadow {
  std::string name;  // unique in an arm, [A-Za-z0-9._-]+
  std::string rule;
  RuleParameters parameters;
  std::vector<std::string> connections;  // full names, all plastic
};

// Who watches the rules that drive, most usefully backprop as the reference with others beside it:
// their changes are compared over the last `length` updates before a snapshot.
struct AlignmentSpec {
  std::optional<Shadow> reference = {};  // none: the rules that drive
  std::vector<Shadow> shadows = {};
  std::size_t length = 20;  // batches, trials, or samples of networks that spike
  std::size_t every = 0;    // the same, from one snapshot to the next; 0: a row of the curve
  std::size_t draws = 1;    // asked of rules that explore, in each

  [[nodiscard]] bool is_asked_for() const { return reference || !shadows.empty(); }
};

// One entry of "rules": a network and how it is trained. Every plastic connection of the network
// occurs in a drive, and in no two at the same time.
struct Arm {
  std::string name;     // unique, [A-Za-z0-9._-]+
  NetworkSpec network;  // of a spiking one the outline: names, sizes, what is plastic
  std::optional<SpikingSpec> spiking = {};
  TrainingSpec training;
  Precision precision = Precision::float32;
  std::vector<Drive> drives;
  AlignmentSpec alignment = {};
  std::vector<RangeSpec> tune = {};  // beside those of every arm
};

struct Experiment {
  std::string name, description;
  std::vector<std::string> references;
  TaskSpec task;
  std::vector<Arm> arms;  // at least one
  std::string reference;  // the arm that the others are compared with
  std::vector<std::uint64_t> seeds;
  Criterion criterion;
  std::optional<double> margin;               // of equivalence in accuracy, as a fraction
  std::optional<FeaturesSpec> features = {};  // what is read out of a layer after training
  std::size_t analysed_seeds = 1;             // of tasks in trials: the first of each arm
  std::size_t jobs = 0;                       // runs at a time; 0: one a core
  TuneSpec tune = {};
  std::string tuning = {};  // how rates and parameters were chosen; empty: not said

  // Whether any network is told a target; without one there is no criterion.
  [[nodiscard]] bool has_loss() const {
    return std::ranges::any_of(arms, [](const Arm& arm) { return !arm.training.loss.is_none(); });
  }
};

}  // namespace deltaw
