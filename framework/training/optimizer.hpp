// SPDX-License-Identifier: Apache-2.0
// From a rule's proposed change to the step that is taken. One instance for each connection, used
// by one thread at a time.
#pragma once

#include <armadillo>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/state.hpp"
#include "training/spec.hpp"

namespace deltaw {

// `delta` is a direction of descent, that is minus the gradient where there is one. With d = delta
// after clipping, eta = rate, all elementwise:
//   sgd                     W += eta d
//   momentum                v = mu v + d;  W += eta v                          (Polyak 1964)
//   nesterov                v = mu v + d;  W += eta (d + mu v)                 (Sutskever et al.
//   2013) rmsprop                 s = rho s + (1 - rho) d^2;  W += eta d / (sqrt(s) + eps)
//                                                                      (Tieleman and Hinton 2012)
//   adam                    m = b1 m + (1 - b1) d;  s = b2 s + (1 - b2) d^2;
//                           W += eta m' / (sqrt(s') + eps), m' = m / (1 - b1^t), s' = s / (1 -
//                           b2^t)
//                                                  (Kingma and Ba 2015, arXiv:1412.6980)
//   adadelta                s = rho s + (1 - rho) d^2;  u = d sqrt(r + eps) / sqrt(s + eps);
//                           r = rho r + (1 - rho) u^2;  W += eta u     (Zeiler 2012,
//                           arXiv:1212.5701)
//   exponentiated-gradient  W *= exp(eta sign(W) d): no weight changes its sign, zeros stay
//                                     (Kivinen and Warmuth 1997, doi:10.1006/inco.1996.2612)
// Weight decay is decoupled (Loshchilov and Hutter 2019): W is first scaled by 1 - eta
// weight_decay. A value that is not finite passes through, so that the host's check can name it.
template <class T>
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  // Moves `weights` along `delta`; delta is zero afterwards, or NaN where it was not finite and
  // the weight is not, either. No allocation.
  // REQUIRES: both are rows x cols as given to make_optimizer.
  virtual void apply(arma::Mat<T>& weights, arma::Mat<T>& delta, double rate) = 0;
  // Forgets all moments, as if just made.
  virtual void reset() = 0;

  virtual void save(StateWriter& writer) const = 0;
  // Error: E306 when the state is another optimizer's or has another shape or precision.
  virtual void load(StateReader& reader) = 0;
};

// Error: E503 for an unknown type. spec.rate and spec.schedule are the caller's business.
template <class T>
[[nodiscard]] std::unique_ptr<Optimizer<T>> make_optimizer(const OptimizerSpec& spec,
                                                           std::size_t rows, std::size_t cols);

// The customary settings of a type; adadelta's are those of its paper's Keras version: rate 1,
// decay 0.95, epsilon 1e-7. Error: E503 for an unknown type.
[[nodiscard]] OptimizerSpec default_optimizer(std::string_view type);

[[nodiscard]] const std::vector<std::string>& optimizer_types();

}  // namespace deltaw
