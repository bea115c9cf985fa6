// SPDX-License-Identifier: Apache-2.0
// One loop forward in time, one back. All three integrators are x(t) = keep x(t-1) + take s.
#include "network/rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/blas.hpp"
#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

struct Step {
  double keep, take;
};

Step step_of(const RateSpec& spec) {
  const double a = spec.dt / spec.tau;
  if (!(spec.dt > 0) || !(spec.tau > 0)) {
    throw Error(Code::E503, "dt and tau must be above 0 ms",
                {.found = fmt::format("dt {}, tau {}", spec.dt, spec.tau)});
  }
  if (spec.integrator == "implicit") return {1 / (1 + a), a / (1 + a)};
  if (spec.integrator == "exponential") return {std::exp(-a), -std::expm1(-a)};
  if (spec.integrator != "euler") {
    throw Error(Code::E503, fmt::format("no integrator '{}'", spec.integrator),
                {.hint = suggest(spec.integrator, {"euler", "implicit", "exponential"})});
  }
  if (a >= 2) {
    throw Error(Code::E503, "the step is too long for the time constant",
                {.expected = fmt::format("dt below 2 tau = {} ms", 2 * spec.tau),
                 .found = fmt::format("dt {} ms", spec.dt),
                 .hint = "a smaller dt, or \"integrator\": \"exponential\""});
  }
  return {1 - a, a};
}

template <class T>
void check_finite(const T* x, std::size_t units, std::size_t step) {
  for (std::size_t i = 0; i < units; ++i) {
    if (std::isfinite(x[i])) continue;
    throw Error(Code::E304,
                fmt::format("the potential of unit {} became {} at step {}", i, x[i], step),
                {.hint = "smaller weights, a smaller dt, or \"integrator\": \"exponential\""});
  }
}

}  // namespace

template <class T>
RateTrial<T>::RateTrial(std::size_t units, std::size_t max_steps)
    : x_(units, max_steps), r_(units, max_steps + 1), start_(units, 1) {}

template <class T>
RateLayer<T>::RateLayer(const RateSpec& spec)
    : spec_(spec),
      activation_(spec.activation),
      drive_(spec.units, 1),
      carried_(spec.units, 1),
      slope_(spec.units, 1) {
  if (activation_.is_softmax()) {
    throw Error(Code::E503, "units with time cannot be softmax units",
                {.expected = "an activation of each unit alone"});
  }
  for (const auto& [unit, value] : spec.clamped) {
    if (unit < spec.units) continue;
    throw Error(Code::E503, fmt::format("unit {} is clamped, but there is none", unit),
                {.expected = fmt::format("0 to {}", spec.units - 1)});
  }
  const Step step = step_of(spec);
  keep_ = static_cast<T>(step.keep);
  take_ = static_cast<T>(step.take);
}

template <class T>
void RateLayer<T>::run(const T* J, const arma::Mat<T>& input, RateTrial<T>& trial) {
  const std::size_t n = spec_.units;
  arma::Mat<T> x = trial.x(), r = trial.r(), start = trial.start();
  for (const auto& [unit, value] : spec_.clamped) start[unit] = static_cast<T>(value);
  arma::Mat<T> first = view(r.colptr(0), n, 1);
  activation_.apply(start, first);
  T* s = drive_.data();
  const T* before = start.memptr();
  for (std::size_t t = 0; t < trial.steps(); ++t) {
    std::copy_n(input.colptr(t), n, s);
    gemv<T>(Op::none, n, n, 1, J, r.colptr(t), 1, s);
    T* now = x.colptr(t);
    for (std::size_t i = 0; i < n; ++i) now[i] = keep_ * before[i] + take_ * s[i];
    for (const auto& [unit, value] : spec_.clamped) now[unit] = static_cast<T>(value);
    arma::Mat<T> next = view(r.colptr(t + 1), n, 1);
    activation_.apply(view(now, n, 1), next);
    before = now;
  }
  if (trial.steps() == 0 || x.is_finite()) return;
  for (std::size_t t = 0; t < trial.steps(); ++t) check_finite(x.colptr(t), n, t);
}

// carried is dL/dx(t) through x(t+1) alone; the drive of step t+1 came from r(t).
template <class T>
void RateLayer<T>::vjp(const T* J, const RateTrial<T>& trial, const arma::Mat<T>& grad_post,
                       arma::Mat<T>& grad_drive) {
  const std::size_t n = spec_.units;
  const arma::Mat<T> x = trial.x(), post = trial.post();
  carried_.zero();
  T* carried = carried_.data();
  T* total = drive_.data();
  arma::Mat<T> slope = slope_.all();
  for (std::size_t t = trial.steps(); t-- > 0;) {
    std::copy_n(grad_post.colptr(t), n, total);
    if (t + 1 < trial.steps()) {
      gemv<T>(Op::transpose, n, n, 1, J, grad_drive.colptr(t + 1), 1, total);
    }
    activation_.derivative(view(const_cast<T*>(x.colptr(t)), n, 1),
                           view(const_cast<T*>(post.colptr(t)), n, 1), slope);
    for (std::size_t i = 0; i < n; ++i) carried[i] += slope[i] * total[i];
    for (const auto& [unit, value] : spec_.clamped) carried[unit] = 0;
    T* out = grad_drive.colptr(t);
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = take_ * carried[i];
      carried[i] *= keep_;
    }
  }
}

template class RateTrial<float>;
template class RateTrial<double>;
template class RateLayer<float>;
template class RateLayer<double>;

}  // namespace deltaw
