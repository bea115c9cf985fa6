// SPDX-License-Identifier: Apache-2.0
// The series at every step, computed once.
#include "task/sine_sum.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "task/interval.hpp"

namespace deltaw {
namespace {

void check(const SineSumSpec& spec, double dt) {
  if (spec.amplitudes.size() != spec.frequencies.size() || spec.frequencies.empty()) {
    throw Error(Code::E503, "amplitudes and frequencies of the sines do not pair",
                {.expected = "one amplitude for each frequency, at least one",
                 .found = fmt::format("{} amplitudes, {} frequencies", spec.amplitudes.size(),
                                      spec.frequencies.size())});
  }
  const double nyquist = 1000 / (2 * dt);
  for (const double frequency : spec.frequencies) {
    if (frequency > 0 && frequency < nyquist) continue;
    throw Error(
        Code::E503, "a frequency of the sines is out of range",
        {.expected = fmt::format("above 0 and below {} Hz, half the rate of the steps", nyquist),
         .found = fmt::format("{} Hz", frequency),
         .hint = "a lower frequency, or a smaller \"dt\""});
  }
  if (!(spec.peak > 0) || !std::isfinite(spec.peak)) {
    throw Error(Code::E503, "the peak of the sines must be above 0",
                {.found = fmt::format("{}", spec.peak)});
  }
}

arma::rowvec series(const SineSumSpec& spec, double dt, std::size_t steps) {
  arma::rowvec sum(steps, arma::fill::zeros);
  for (std::size_t t = 0; t < steps; ++t) {
    const double seconds = static_cast<double>(t) * dt / 1000;
    for (std::size_t k = 0; k < spec.frequencies.size(); ++k) {
      sum[t] += spec.amplitudes[k] * std::sin(2 * std::numbers::pi * spec.frequencies[k] * seconds);
    }
  }
  const double peak = arma::abs(sum).max();
  if (!(peak > 0) || !sum.is_finite()) {
    throw Error(Code::E503, "the sum of the sines is 0 throughout, or not finite",
                {.expected = "finite amplitudes that are not all 0"});
  }
  return sum * (spec.peak / peak);
}

}  // namespace

SineSum::SineSum(const TrialTaskSpec& spec)
    : SineSum(spec, steps_in(spec.sines.response, spec.dt, "response")) {}

SineSum::SineSum(const TrialTaskSpec& spec, Window response)
    : TrialTask({.channels = 1,
                 .outputs = 1,
                 .steps = response.last,
                 .dt = spec.dt,
                 .is_cyclic = true,
                 .kind_names = {"sines"},
                 .factors = {},
                 .windows = {{"response", response}}}),
      trial_(empty_trial(0, response)) {
  check(spec.sines, spec.dt);
  trial_.target = series(spec.sines, spec.dt, steps());
  const Window input =
      spec.sines.input ? steps_in(*spec.sines.input, spec.dt, "input") : Window{0, steps()};
  if (input.last > steps()) {
    throw Error(Code::E503, "the input outlasts the trial",
                {.expected = fmt::format("an end of at most {} ms", spec.sines.response.to),
                 .found = fmt::format("{} ms", spec.sines.input->to)});
  }
  trial_.inputs.cols(input.first, input.last - 1).fill(1);
}

Trial SineSum::make(std::uint32_t, std::size_t, Random&) const { return trial_; }

}  // namespace deltaw
