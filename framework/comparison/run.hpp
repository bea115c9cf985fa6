// SPDX-License-Identifier: Apache-2.0
// One run: one arm, one seed, from initial weights to the last epoch. Each on its own thread.
#pragma once

#include <cstdint>
#include <stop_token>

#include "comparison/outcome.hpp"
#include "comparison/prepared_arm.hpp"
#include "result/criterion.hpp"
#include "task/split.hpp"

namespace deltaw {

// Trains and measures. A rule that fails or diverges (E30x) makes a failed record, `stop` an
// interrupted one; both keep the curve up to there. Without a loss the rows of the curve have only
// epoch, updates and seconds, and there is no confusion. Errors in what was asked for are thrown.
template <class T>
[[nodiscard]] RunOutcome run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed,
                             const Criterion& criterion, const std::stop_token& stop,
                             const OnEpoch& on_epoch);

// Builds what run() would train and throws what is wrong with it: E203..E206, E503..E513.
template <class T>
void check_run(const PreparedArm& arm, const Split<T>& data, std::uint64_t seed);

}  // namespace deltaw
