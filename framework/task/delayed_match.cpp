// SPDX-License-Identifier: Apache-2.0
// Milliseconds to steps, and the four kinds of trials.
#include "task/delayed_match.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "task/interval.hpp"

namespace deltaw {

DelayedMatch::Timing DelayedMatch::timing_of(const TrialTaskSpec& spec) {
  const DelayedMatchSpec& match = spec.match;
  Timing timing = {.first = steps_in(match.first, spec.dt, "first stimulus"),
                   .second = steps_in(match.second, spec.dt, "second stimulus"),
                   .response = steps_in(match.response, spec.dt, "response")};
  if (match.delay) {
    const std::size_t shortest = steps_in(match.delay->from, spec.dt);
    const std::size_t end = steps_in(match.delay->to, spec.dt);
    if (end < shortest) throw Error(Code::E503, "the longest delay is below the shortest");
    const std::size_t onset = timing.first.last + shortest;
    timing.second = {onset, onset + timing.second.size()};
    timing.delays = std::max<std::size_t>(end - shortest, 1);
  }
  if (timing.first.last > timing.second.first ||
      timing.second.last + timing.delays - 1 > timing.response.first) {
    throw Error(Code::E503, "the times of the trial are out of order",
                {.expected = "first stimulus, second stimulus, response, one after the other",
                 .hint = match.delay ? "a shorter \"delay\", or a later \"response\"" : ""});
  }
  return timing;
}

std::vector<NamedWindow> DelayedMatch::windows_of(const Timing& timing) {
  const auto& [first, second, response, delays] = timing;
  std::vector<NamedWindow> windows = {{"stimulus 1", first}};
  if (second.first > first.last) windows.push_back({"delay", {first.last, second.first}});
  windows.push_back({"stimulus 2", {second.first, second.last + delays - 1}});
  windows.push_back({"response", response});
  return windows;
}

DelayedMatch::DelayedMatch(const TrialTaskSpec& spec)
    : DelayedMatch(spec, timing_of(spec), spec.type == "delayed-nonmatch") {}

DelayedMatch::DelayedMatch(const TrialTaskSpec& spec, const Timing& timing, bool is_nonmatch)
    : TrialTask({.channels = 2,
                 .outputs = 1,
                 .steps = timing.response.last,
                 .dt = spec.dt,
                 .is_cyclic = spec.order == "cyclic",
                 .kind_names = {"AA", "AB", "BA", "BB"},
                 .factors = {{"stimulus 1", {1, 1, -1, -1}},
                             {"stimulus 2", {1, -1, 1, -1}},
                             {"response", is_nonmatch ? std::vector<double>{-1, 1, 1, -1}
                                                      : std::vector<double>{1, -1, -1, 1}}},
                 .windows = windows_of(timing)}),
      timing_(timing),
      answers_(spec.match.target) {
  check(answers_);
}

Trial DelayedMatch::make(std::uint32_t kind, Random& random) const {
  const std::uint32_t first = kind / 2, second = kind % 2;
  const std::size_t moved = random.below(timing_.delays);
  Trial trial = empty_trial(kind, timing_.response);
  trial.inputs.row(first).cols(timing_.first.first, timing_.first.last - 1).fill(1);
  trial.inputs.row(second)
      .cols(timing_.second.first + moved, timing_.second.last + moved - 1)
      .fill(1);
  const bool is_yes = factors()[2].levels[kind] > 0;
  trial.target.fill(is_yes ? answers_.yes : answers_.no);
  return trial;
}

}  // namespace deltaw
