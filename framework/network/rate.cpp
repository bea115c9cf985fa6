// SPDX-License-Identifier: Apache-2.0
// One loop forward in time, one back.
#include "network/rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/blas.hpp"
#include "core/error.hpp"
#include "core/matrix.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

struct Step {
  double keep, take;
};

Step step_of(const DynamicsSpec& spec, double dt) {
  const double a = dt / spec.tau;
  if (!(dt > 0) || !(spec.tau > 0)) {
    throw Error(Code::E503, "dt and tau must be above 0 ms",
                {.found = fmt::format("dt {}, tau {}", dt, spec.tau)});
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
                 .found = fmt::format("dt {} ms", dt),
                 .hint = "a smaller dt, or \"integrator\": \"exponential\""});
  }
  return {1 - a, a};
}

template <class T>
void check_finite(const arma::Mat<T>& x, std::size_t first_step) {
  if (x.is_finite()) return;
  const arma::uword place = arma::uvec(arma::find_nonfinite(x))[0];
  throw Error(Code::E304,
              fmt::format("the potential of unit {} became {} at step {}", place % x.n_rows,
                          x[place], first_step + place / x.n_rows),
              {.hint = "smaller weights, a smaller dt, or \"integrator\": \"exponential\""});
}

}  // namespace

template <class T>
RateDynamics<T>::RateDynamics(std::size_t units, const ActivationSpec& activation,
                              const DynamicsSpec& spec, double dt)
    : units_(units), activation_(activation) {
  if (activation_.is_softmax()) {
    throw Error(Code::E503, "units with time cannot be softmax units",
                {.expected = "an activation of each unit alone"});
  }
  for (const auto& [unit, value] : spec.clamped) {
    if (unit >= units) {
      throw Error(Code::E503, fmt::format("unit {} is clamped, but there is none", unit),
                  {.expected = fmt::format("0 to {}", units - 1)});
    }
    clamped_.emplace_back(unit, static_cast<T>(value));
  }
  const Step step = step_of(spec, dt);
  keep_ = static_cast<T>(step.keep);
  take_ = static_cast<T>(step.take);
}

template <class T>
void RateDynamics<T>::clamp(T* x) const {
  for (const auto& [unit, value] : clamped_) x[unit] = value;
}

template <class T>
void RateDynamics<T>::run(const T* J, const T* start, const Window& part, arma::Mat<T>& potential,
                          arma::Mat<T>& activity) const {
  const std::size_t n = units_;
  if (part.first == 0) {
    std::copy_n(start, n, activity.colptr(0));
    clamp(activity.colptr(0));
    arma::Mat<T> r = view(activity.colptr(0), n, 1);
    activation_.apply(r, r);
  }
  // Clamped or not: clamp() sets those units anew.
  const T* before = part.first == 0 ? start : potential.colptr(part.first - 1);
  for (std::size_t t = part.first; t < part.last; ++t) {
    T* x = potential.colptr(t);
    if (J != nullptr) gemv<T>(Op::none, n, n, 1, J, activity.colptr(t), 1, x);
    for (std::size_t i = 0; i < n; ++i) x[i] = keep_ * before[i] + take_ * x[i];
    clamp(x);
    arma::Mat<T> next = view(activity.colptr(t + 1), n, 1);
    activation_.apply(view(x, n, 1), next);
    before = x;
  }
  check_finite(columns_of(potential, part), part.first);
}

// carried is dL/dx(t) through x(t+1) alone; the drive of step t+1 came from r after step t.
template <class T>
void RateDynamics<T>::vjp(const T* J, const arma::Mat<T>& potential, const arma::Mat<T>& activity,
                          const arma::Mat<T>& grad_post, arma::Mat<T>& grad_drive) const {
  const std::size_t n = units_, steps = potential.n_cols;
  arma::Col<T> carried(n, arma::fill::zeros), total(n);
  arma::Mat<T> slope(n, 1);
  for (std::size_t t = steps; t-- > 0;) {
    std::copy_n(grad_post.colptr(t), n, total.memptr());
    if (J != nullptr && t + 1 < steps) {
      gemv<T>(Op::transpose, n, n, 1, J, grad_drive.colptr(t + 1), 1, total.memptr());
    }
    activation_.derivative(view(const_cast<T*>(potential.colptr(t)), n, 1),
                           view(const_cast<T*>(activity.colptr(t + 1)), n, 1), slope);
    for (std::size_t i = 0; i < n; ++i) carried[i] += slope[i] * total[i];
    for (const auto& [unit, value] : clamped_) carried[unit] = 0;
    T* out = grad_drive.colptr(t);
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = take_ * carried[i];
      carried[i] *= keep_;
    }
  }
}

template class RateDynamics<float>;
template class RateDynamics<double>;

}  // namespace deltaw
