// SPDX-License-Identifier: Apache-2.0
// Milliseconds to steps, and other checks that tasks in trials share. Pure functions: any thread.
#pragma once

#include <string_view>

#include "task/trial.hpp"
#include "task/trial_task_spec.hpp"

namespace deltaw {

// Errors: E503 for a dt that is not above 0; for a time that is negative, no whole number of steps,
// or beyond 10^7 steps.
[[nodiscard]] std::size_t steps_in(double time, double dt);
// Errors: those of steps_in; E503 for an interval that is empty or ends before it starts; `name`
// ("response") is what the message calls it.
[[nodiscard]] Window steps_in(const TimeSpan& interval, double dt, std::string_view name);
// Errors: E503 for answers that are not finite, or the same.
void check(const Answers& answers);

}  // namespace deltaw
