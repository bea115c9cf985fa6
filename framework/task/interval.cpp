// SPDX-License-Identifier: Apache-2.0
// Every time is checked here once, for all tasks.
#include "task/interval.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace deltaw {

std::size_t steps_in(double time, double dt) {
  constexpr double most_steps = 1e7;
  if (!(dt > 0) || !std::isfinite(dt)) {
    throw Error(Code::E503, "\"dt\" of the trials must be above 0 ms",
                {.found = fmt::format("{}", dt)});
  }
  const double steps = time / dt;
  if (!(steps >= 0) || steps > most_steps) {
    throw Error(Code::E503, "a time of the trial is out of range",
                {.expected = fmt::format("0 to {} ms ({} steps)", most_steps * dt, most_steps),
                 .found = fmt::format("{} ms", time)});
  }
  if (std::abs(steps - std::round(steps)) > 1e-9 * std::max(1.0, steps)) {
    throw Error(Code::E503, "a time of the trial is no whole number of steps",
                {.expected = fmt::format("a multiple of dt = {} ms", dt),
                 .found = fmt::format("{} ms", time),
                 .hint = "another \"dt\", or times that it divides"});
  }
  return static_cast<std::size_t>(std::llround(steps));
}

Window steps_in(const TimeSpan& interval, double dt, std::string_view name) {
  const Window window = {steps_in(interval.from, dt), steps_in(interval.to, dt)};
  if (window.first >= window.last) {
    throw Error(Code::E503, fmt::format("the trial has no {} window", name),
                {.expected = "[from, to] with from below to",
                 .found = fmt::format("[{}, {}] ms", interval.from, interval.to)});
  }
  return window;
}

void check(const Answers& answers) {
  if (std::isfinite(answers.no) && std::isfinite(answers.yes) && answers.no != answers.yes) return;
  throw Error(Code::E503, "the trials have no two answers",
              {.expected = "two finite and different values of \"target\"",
               .found = fmt::format("[{}, {}]", answers.no, answers.yes)});
}

}  // namespace deltaw
