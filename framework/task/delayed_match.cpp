// SPDX-License-Identifier: Apache-2.0
// Milliseconds to steps, and the four kinds of trials.
#include "task/delayed_match.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/nearest.hpp"
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

std::vector<std::string> DelayedMatch::contexts_of(const TrialTaskSpec& spec) {
  if (spec.match.then.empty() != (spec.match.each == 0)) {
    throw Error(Code::E503, "contexts and their number of trials go together",
                {.expected = "both \"then\" and \"each\", or neither"});
  }
  if (spec.match.then.empty()) return {};
  std::vector<std::string> contexts = {spec.type};
  for (const std::string& type : spec.match.then) {
    if (type != "delayed-nonmatch" && type != "delayed-match") {
      throw Error(Code::E503, fmt::format("'{}' cannot follow {}", type, spec.type),
                  {.hint = suggest(type, {"delayed-nonmatch", "delayed-match"})});
    }
    contexts.push_back(type);
  }
  return contexts;
}

DelayedMatch::DelayedMatch(const TrialTaskSpec& spec) : DelayedMatch(spec, timing_of(spec)) {}

DelayedMatch::DelayedMatch(const TrialTaskSpec& spec, const Timing& timing)
    : TrialTask({.channels = 2,
                 .outputs = 1,
                 .steps = timing.response.last,
                 .dt = spec.dt,
                 .is_cyclic = spec.order == "cyclic",
                 .kind_names = {"AA", "AB", "BA", "BB"},
                 .factors = {{"stimulus 1", {1, 1, -1, -1}},
                             {"stimulus 2", {1, -1, 1, -1}},
                             {"response", spec.type == "delayed-nonmatch"
                                              ? std::vector<double>{-1, 1, 1, -1}
                                              : std::vector<double>{1, -1, -1, 1}}},
                 .windows = windows_of(timing),
                 .contexts = contexts_of(spec),
                 .trials_of_context = spec.match.each}),
      timing_(timing),
      answers_(spec.match.target),
      asks_nonmatch_{spec.type == "delayed-nonmatch"} {
  check(answers_);
  for (const std::string& type : spec.match.then) {
    asks_nonmatch_.push_back(type == "delayed-nonmatch");
  }
}

Trial DelayedMatch::make(std::uint32_t kind, std::size_t context, Random& random) const {
  const std::uint32_t first = kind / 2, second = kind % 2;
  const std::size_t moved = random.below(timing_.delays);
  Trial trial = empty_trial(kind, timing_.response);
  trial.inputs.row(first).cols(timing_.first.first, timing_.first.last - 1).fill(1);
  trial.inputs.row(second)
      .cols(timing_.second.first + moved, timing_.second.last + moved - 1)
      .fill(1);
  const bool is_yes = (first != second) == asks_nonmatch_[context];
  trial.target.fill(is_yes ? answers_.yes : answers_.no);
  return trial;
}

}  // namespace deltaw
