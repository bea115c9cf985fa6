// SPDX-License-Identifier: Apache-2.0
// One run through a sequence of contexts: one arm, one seed, from initial weights to the end of the
// last context. Each on its own thread.
#pragma once

#include <cstdint>
#include <stop_token>

#include "comparison/outcome.hpp"
#include "comparison/prepared_arm.hpp"
#include "comparison/run.hpp"
#include "task/sequence.hpp"

namespace deltaw {

// Trains on one context after the other, for the epochs of the training each or, where the sequence
// says so, until so many updates are made; rules are told of none. A row of the curve is measured
// before training, every `evaluate_every` epochs and where a context ends; its train_* are those of
// the context being learnt, its validation_* and test_* the means over all contexts. The record has
// the metrics of measure() and of measure_forgetting(); arrays are "accuracy_matrix", as there, and
// "context_accuracy" (rows of the curve x contexts), both of the test part. Where joint training is
// asked for, a network of its own learns contexts 1 .. k together from the same initial weights,
// for the same epochs or k times the updates. Failure and interruption: as run().
template <class T>
[[nodiscard]] RunOutcome run_sequence(const PreparedArm& arm, const Split<T>& data,
                                      const TaskSpec& task, std::uint64_t seed, const RunPlan& plan,
                                      const std::stop_token& stop);

// Builds what run_sequence() would train and throws what is wrong with it: as check_run(), those of
// Contexts, and E503 where the epochs of a context have fewer updates than the sequence asks for.
template <class T>
void check_sequence(const PreparedArm& arm, const Split<T>& data, const TaskSpec& task,
                    std::uint64_t seed);

}  // namespace deltaw
