// SPDX-License-Identifier: Apache-2.0
// What a network with time does at one moment of its training, recorded in trials without noise.
// Free functions that run the trainer they are given: on its thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "analysis/recording.hpp"
#include "training/trial_trainer.hpp"

namespace deltaw {

// Where snapshots look: the same before and after training.
struct SnapshotPlan {
  std::size_t layer = 0;           // the one recorded
  std::size_t stride = 1;          // steps from one sample to the next, the first at step 0
  std::size_t trials = 20;         // of each kind
  std::size_t unit = 0, step = 0;  // disturbed once, in the first trial
  double jump = 0.5;               // of its potential
};

struct Snapshot {
  Recording recording;                                     // of the layer: units x samples
  arma::fmat clean, disturbed;                             // of the first trial: units x steps
  arma::vec potential_difference;                          // of the disturbed unit, one a step
  std::vector<std::pair<std::string, arma::mat>> weights;  // of plastic connections, by name
};

// The largest plastic recurrent layer, or the largest with time where none is; a sample every 10 ms
// (a step, where that is longer); the unit in the middle of the layer, or the next that is not
// clamped, a quarter into the trial.
template <class T>
[[nodiscard]] SnapshotPlan plan_snapshots(const Network<T>& network, const TrialTask& task);

// Trials and their starts depend on `seed` alone, so that snapshots of one run are comparable.
// Error: E304 when activity diverges.
template <class T>
[[nodiscard]] Snapshot take_snapshot(TrialTrainer<T>& trainer, const SnapshotPlan& plan,
                                     std::uint64_t seed);

// Of the plastic connections of a network, by name.
template <class T>
[[nodiscard]] std::vector<std::pair<std::string, arma::mat>> plastic_weights(
    const Network<T>& network);

}  // namespace deltaw
