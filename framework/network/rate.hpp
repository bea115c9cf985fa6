// SPDX-License-Identifier: Apache-2.0
// A recurrent layer of rate units in continuous time,
//   tau dx/dt = -x + J r + I,   r = f(x),
// stepped through one trial, and back through time. One thread a layer.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/matrix.hpp"
#include "network/activation.hpp"

namespace deltaw {

struct RateSpec {
  std::size_t units = 0;
  ActivationSpec activation{.type = "tanh"};  // elementwise
  double tau = 30, dt = 1;                    // ms
  // With s the drive J r(t-1) + I(t):
  //   "euler"        x(t) = x(t-1) + dt/tau (-x(t-1) + s)            stable for dt < 2 tau
  //   "implicit"     x(t) = (x(t-1) + dt/tau s) / (1 + dt/tau)       implicit in the leak
  //   "exponential"  x(t) = s + (x(t-1) - s) exp(-dt/tau)            exact for a constant drive
  std::string integrator = "euler";
  std::vector<std::pair<std::size_t, double>> clamped;  // (unit, its x at every step)
};

// One trial of a layer. Column t of `x` is the potential after step t; column t of `r` is the
// activity before step t, so that r has one column more: pre is columns 0 .. T-1, post 1 .. T.
template <class T>
class RateTrial {
 public:
  RateTrial(std::size_t units, std::size_t max_steps);

  void set_steps(std::size_t steps) { steps_ = steps; }
  [[nodiscard]] std::size_t steps() const { return steps_; }
  [[nodiscard]] arma::Mat<T> x() const { return x_.first(steps_); }      // units x T
  [[nodiscard]] arma::Mat<T> r() const { return r_.first(steps_ + 1); }  // units x (T+1)
  [[nodiscard]] arma::Mat<T> pre() const { return r_.first(steps_); }    // units x T
  [[nodiscard]] arma::Mat<T> post() const {                              // units x T
    return view(r_.data() + r_.rows(), r_.rows(), steps_);
  }
  // The potential before the first step: units x 1.
  [[nodiscard]] arma::Mat<T> start() const { return start_.all(); }

 private:
  Buffer<T> x_, r_, start_;
  std::size_t steps_ = 0;
};

template <class T>
class RateLayer {
 public:
  // Errors: E503 for an unknown integrator, a dt that is not stable, softmax, or a clamp on no
  // unit.
  explicit RateLayer(const RateSpec& spec);

  [[nodiscard]] const RateSpec& spec() const { return spec_; }

  // Steps from trial.start() through trial.steps(), driven by `input` (units x T) on top of `J`
  // (units x units, column-major). Errors: E304 when activity diverges (which unit, which step).
  void run(const T* J, const arma::Mat<T>& input, RateTrial<T>& trial);

  // dL/d drive (units x T) from dL/d post (units x T), back through time along J or `feedback`
  // (units x units) in its place: the drive of step t reaches post t, and through J all later ones.
  // dL/dJ is then grad_drive pre^T, and dL/d input is grad_drive itself.
  void vjp(const T* J, const RateTrial<T>& trial, const arma::Mat<T>& grad_post,
           arma::Mat<T>& grad_drive);

 private:
  RateSpec spec_;
  Activation<T> activation_;
  T keep_, take_;  // x(t) = keep x(t-1) + take s
  Buffer<T> drive_, carried_, slope_;
};

extern template class RateTrial<float>;
extern template class RateTrial<double>;
extern template class RateLayer<float>;
extern template class RateLayer<double>;

}  // namespace deltaw
