// SPDX-License-Identifier: Apache-2.0
// Activations: post = f(potential), column by column, with their derivative and vector-Jacobian
// product. Pure functions: any thread.
#pragma once

#include <armadillo>

#include "network/spec.hpp"

namespace deltaw {

template <class T>
class Activation {
 public:
  // Throws E503 for an unknown type, and for a maximum that is not above 0.
  explicit Activation(const ActivationSpec& spec);

  [[nodiscard]] bool is_softmax() const { return kind_ == Kind::softmax; }
  [[nodiscard]] bool is_sigmoid() const { return kind_ == Kind::sigmoid; }

  // All matrices are units x K.
  void apply(const arma::Mat<T>& potential, arma::Mat<T>& post) const;
  // d post / d potential of each unit; softmax: the diagonal p (1 - p) of its Jacobian.
  void derivative(const arma::Mat<T>& potential, const arma::Mat<T>& post, arma::Mat<T>& out) const;
  // grad_potential = J^T grad_post, for softmax with the whole Jacobian diag(p) - p p^T.
  // `threshold` counts as its slope above threshold (1, or 0 where it passes "one") and 0 below;
  // `clipped-linear` has slope 1 strictly between its bounds, and 0 at and beyond them.
  void vjp(const arma::Mat<T>& potential, const arma::Mat<T>& post, const arma::Mat<T>& grad_post,
           arma::Mat<T>& grad_potential) const;

 private:
  enum class Kind { linear, relu, sigmoid, tanh, softmax, threshold, clipped_linear };
  enum class Passes { drive, excess, one };

  Kind kind_;
  Passes passes_ = Passes::drive;
  T threshold_, offset_, maximum_;
};

extern template class Activation<float>;
extern template class Activation<double>;

// The types that an experiment may name.
[[nodiscard]] const std::vector<std::string>& activation_names();

}  // namespace deltaw
