// SPDX-License-Identifier: Apache-2.0
// One run: one arm, one seed, from initial weights to the last epoch. Each on its own thread.
#pragma once

#include <cstdint>
#include <stop_token>

#include "comparison/checkpoint.hpp"
#include "comparison/outcome.hpp"
#include "comparison/prepared_arm.hpp"
#include "readout/spec.hpp"
#include "result/criterion.hpp"
#include "task/split.hpp"

namespace deltaw {

// What is measured of a run, and who is told of it as it goes on.
struct RunPlan {
  const Criterion& criterion;
  const FeaturesSpec* features = nullptr;  // null: none asked for
  OnEpoch on_epoch = {};
  OnReadout on_readout = {};
  OnShown on_shown = {};  // of spiking networks: after every sample
  // Of tasks in trials: whether the run leaves an analysis. Of spiking networks: whether its
  // features.json shows one sample step by step.
  bool is_analysed = false;
  // That the run may use: large spiking networks are shared out among them, to the same bits.
  std::size_t threads = 1;
  // Of static networks: whether it leaves the arrays of show_images(). Runner sets it.
  bool shows_images = false;
  StatePlan state = {};
};

// Trains and measures; of a run that finished also the features, whose time is not counted. With
// a state that was kept it goes on from there, and an interrupted run keeps its own. A rule that
// fails or diverges (E30x) makes a failed record, `stop` an interrupted one; both keep the curve up
// to there. Without a loss the rows of the curve have only epoch, updates and seconds, and the
// confusion is that of the first readout. Errors in what was asked for are thrown.
template <class T>
[[nodiscard]] RunOutcome run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
                             const RunPlan& plan, const std::stop_token& stop);

// Builds what run() would train and throws what is wrong with it: E203..E206, E503..E513;
// for features E510 an unknown layer, E404 a class without training samples.
template <class T>
void check_run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
               const FeaturesSpec* features);

}  // namespace deltaw
