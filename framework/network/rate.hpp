// SPDX-License-Identifier: Apache-2.0
// Units in continuous time, tau dx/dt = -x + J r + I with r = f(x), stepped through one trial and
// back through time. Immutable once made: any thread.
#pragma once

#include <armadillo>

#include "core/window.hpp"
#include "network/activation.hpp"
#include "network/spec.hpp"

namespace deltaw {

template <class T>
class RateDynamics {
 public:
  // dt in ms. Errors: E503 for an unknown integrator, a dt that is not stable, softmax units, or a
  // clamp on no unit.
  RateDynamics(std::size_t units, const ActivationSpec& activation, const DynamicsSpec& spec,
               double dt);

  // Steps `part` of a trial, those before them done. `potential` (units x T) holds the drive I on
  // entry and x on return. `activity` (units x T+1) is r: its first column, f(start), is the
  // activity before the first step, so that r seen by step t is column t and r after it column t
  // + 1. `start` is x before the first step. `J` (units x units) may be null. Errors: E304 when
  // activity diverges: which unit, which step.
  void run(const T* J, const T* start, const Window& part, arma::Mat<T>& potential,
           arma::Mat<T>& activity) const;

  // dL/dI (units x T) from dL/d post (units x T), back along J or whatever matrix is given in its
  // place. dL/dJ is then grad_drive times activity's first T columns, transposed.
  void vjp(const T* J, const arma::Mat<T>& potential, const arma::Mat<T>& activity,
           const arma::Mat<T>& grad_post, arma::Mat<T>& grad_drive) const;

  // d x(t) / d drive(t).
  [[nodiscard]] double gain() const { return static_cast<double>(take_); }

 private:
  void clamp(T* x) const;

  std::size_t units_;
  Activation<T> activation_;
  std::vector<std::pair<std::size_t, T>> clamped_;
  T keep_, take_;  // x(t) = keep x(t-1) + take drive(t), for every integrator
};

extern template class RateDynamics<float>;
extern template class RateDynamics<double>;

}  // namespace deltaw
