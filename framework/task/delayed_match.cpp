// SPDX-License-Identifier: Apache-2.0
// Milliseconds to steps, and the four kinds of trials.
#include "task/delayed_match.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

std::size_t steps_in(double time, double dt) {
  const double steps = time / dt;
  if (!(steps >= 0) || std::abs(steps - std::round(steps)) > 1e-9) {
    throw Error(Code::E503, "a time of the trial is no whole number of steps",
                {.expected = fmt::format("a multiple of dt = {} ms", dt),
                 .found = fmt::format("{} ms", time),
                 .hint = "another \"dt\", or times that it divides"});
  }
  return static_cast<std::size_t>(std::llround(steps));
}

}  // namespace

DelayedMatch::DelayedMatch(const DelayedMatchSpec& spec) : spec_(spec) {
  if (!(spec.dt > 0)) throw Error(Code::E503, "\"dt\" must be above 0 ms");
  first_ = {steps_in(spec.first_on, spec.dt), steps_in(spec.first_off, spec.dt)};
  second_ = {steps_in(spec.second_on, spec.dt), steps_in(spec.second_off, spec.dt)};
  steps_ = steps_in(spec.duration, spec.dt);
  response_ = {steps_in(spec.response_on, spec.dt), steps_};
  const bool is_ordered = first_.first < first_.last && first_.last <= second_.first &&
                          second_.first < second_.last && second_.last <= response_.first;
  if (!is_ordered) {
    throw Error(Code::E503, "the times of the trial are out of order",
                {.expected = "first stimulus, second stimulus, response, one after the other"});
  }
  if (response_.first >= response_.last) {
    throw Error(Code::E503, "the trial has no response window",
                {.expected = fmt::format("a duration above {} ms", spec.response_on),
                 .found = fmt::format("{} ms", spec.duration)});
  }
}

template <class T>
Trial<T> DelayedMatch::of_kind(std::uint32_t kind) const {
  const std::uint32_t first = kind / 2, second = kind % 2;
  Trial<T> trial;
  trial.kind = kind;
  trial.response = response_;
  trial.inputs.zeros(channels, steps_);
  for (std::size_t t = first_.first; t < first_.last; ++t) trial.inputs(first, t) = 1;
  for (std::size_t t = second_.first; t < second_.last; ++t) trial.inputs(second, t) = 1;
  const bool is_positive = (first != second) == spec_.is_nonmatch;
  trial.target.set_size(outputs, steps_);
  trial.target.fill(static_cast<T>(is_positive ? spec_.target : -spec_.target));
  return trial;
}

template <class T>
Trial<T> DelayedMatch::trial(std::uint64_t seed, std::uint64_t index) const {
  const std::uint64_t kind =
      spec_.is_cyclic ? index % kinds : Random(seed, "trial", index).below(kinds);
  return of_kind<T>(static_cast<std::uint32_t>(kind));
}

template Trial<float> DelayedMatch::of_kind<float>(std::uint32_t) const;
template Trial<double> DelayedMatch::of_kind<double>(std::uint32_t) const;
template Trial<float> DelayedMatch::trial<float>(std::uint64_t, std::uint64_t) const;
template Trial<double> DelayedMatch::trial<double>(std::uint64_t, std::uint64_t) const;

}  // namespace deltaw
