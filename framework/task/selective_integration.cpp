// SPDX-License-Identifier: Apache-2.0
// Evidence drawn step by step.
#include "task/selective_integration.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "task/interval.hpp"

namespace deltaw {

SelectiveIntegration::SelectiveIntegration(const TrialTaskSpec& spec)
    : SelectiveIntegration(spec, steps_in(spec.integration.stimulus, spec.dt, "stimulus"),
                           steps_in(spec.integration.response, spec.dt, "response")) {}

SelectiveIntegration::SelectiveIntegration(const TrialTaskSpec& spec, Window stimulus,
                                           Window response)
    : TrialTask({.channels = 4,
                 .outputs = 1,
                 .steps = response.last,
                 .dt = spec.dt,
                 .is_cyclic = spec.order == "cyclic",
                 .kind_names = {"1+", "2+", "1-", "2-"},
                 .factors = {{"context", {1, -1, 1, -1}}, {"choice", {1, 1, -1, -1}}},
                 .windows = {{"stimulus", stimulus}, {"response", response}}}),
      spec_(spec.integration),
      stimulus_(stimulus),
      response_(response) {
  check(spec_.target);
  if (stimulus.first >= response.first || stimulus.last > response.last) {
    throw Error(Code::E503, "the times of the trial are out of order",
                {.expected = "a stimulus that starts before the response and ends before it does"});
  }
  if (!std::isfinite(spec_.bias) || !std::isfinite(spec_.scale) || spec_.scale == 0) {
    throw Error(Code::E503, "the trials have no evidence",
                {.expected = "a finite \"bias\", and a finite \"scale\" other than 0",
                 .found = fmt::format("bias {}, scale {}", spec_.bias, spec_.scale)});
  }
}

Trial SelectiveIntegration::make(std::uint32_t kind, std::size_t, Random& random) const {
  const std::uint32_t attended = kind % 2;
  const double sign = kind < 2 ? 1 : -1;
  double bias[2];
  bias[attended] = sign * spec_.bias;
  bias[1 - attended] = (random.uniform() < 0.5 ? 1 : -1) * spec_.bias;
  Trial trial = empty_trial(kind, response_);
  for (std::size_t t = stimulus_.first; t < stimulus_.last; ++t) {
    for (const std::size_t stream : {0u, 1u}) {
      trial.inputs(stream, t) = spec_.scale * (random.normal() + bias[stream]);
    }
  }
  trial.inputs.row(2 + attended).fill(1);
  trial.target.fill(sign > 0 ? spec_.target.yes : spec_.target.no);
  return trial;
}

}  // namespace deltaw
