// SPDX-License-Identifier: Apache-2.0
// One run: one arm, one seed, from initial weights to the last epoch. Each on its own thread.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "comparison/measure.hpp"
#include "comparison/prepared_arm.hpp"
#include "result/npy.hpp"
#include "result/record.hpp"
#include "task/split.hpp"

namespace deltaw {

// What a run leaves behind. The bits of everything but seconds depend on experiment, data, seed and
// build alone.
struct RunOutcome {
  RunRecord record;
  std::vector<std::pair<std::string, NpyMatrix>> weights;  // by connection; biases among them
  NpyMatrix confusion;                                     // on the test part; 0 x 0 without one
};

using OnEpoch = std::function<void(const EpochRow&)>;

// Trains and measures. A rule that fails or diverges (E30x) makes a failed record, `stop` an
// interrupted one; both keep the curve up to there. Errors in what was asked for are thrown.
template <class T>
[[nodiscard]] RunOutcome run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
                             const Criterion& criterion, const std::stop_token& stop,
                             const OnEpoch& on_epoch);

// Builds what run() would train and throws what is wrong with it: E203..E206, E503..E513.
template <class T>
void check_run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed);

}  // namespace deltaw
