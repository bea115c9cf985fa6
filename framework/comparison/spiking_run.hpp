// SPDX-License-Identifier: Apache-2.0
// One run of a spiking network: one arm, one seed, from initial weights to the last sample. Each on
// its own thread.
#pragma once

#include "comparison/run.hpp"

namespace deltaw {

// As run(). The curve has a row for every epoch, with train_accuracy the running one of its last
// window: each unit stands for the class that it answered most in the window before, and the class
// whose units answer most, in their mean, is the prediction. Where there are rewards it is the
// class_answer(), and the last row has also the accuracy of the validation and test parts, while
// nothing learns. features.json's course has a row for every window: {epoch
// (fractions), accuracy, spikes (of the read layer, a sample), presentations (a sample, repeats
// among them)}. Features are spikes counted while nothing learns. With `is_analysed` features.json
// has also "recording", of the first sample of the test part (or training part), as
// to_json(SpikeRecording) writes it.
template <class T>
[[nodiscard]] RunOutcome run_spiking(const PreparedArm& arm, const Split<T>& data,
                                     std::uint64_t seed, const RunPlan& plan,
                                     const std::stop_token& stop);

// Builds what run_spiking() would train and throws what is wrong with it.
template <class T>
void check_spiking(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
                   const FeaturesSpec* features);

}  // namespace deltaw
