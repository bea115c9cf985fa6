// SPDX-License-Identifier: Apache-2.0
// Losses: what each observation costs, and dL/d potential of the output, where L is the mean over
// the block. Pure functions: any thread.
#pragma once

#include <armadillo>

#include "network/activation.hpp"
#include "network/loss_spec.hpp"

namespace deltaw {

template <class T>
class Loss {
 public:
  // Throws E503 for an unknown type, and for cross-entropy on an output that is neither softmax nor
  // sigmoid (binary cross-entropy of each unit).
  Loss(const LossSpec& spec, const Activation<T>& output);

  // Whether there is one. REQUIRES below: yes.
  [[nodiscard]] bool exists() const { return exists_; }
  [[nodiscard]] bool is_cross_entropy() const { return is_cross_entropy_; }

  // The loss of each observation (1 x K); post and target are units x K.
  void values(const arma::Mat<T>& post, const arma::Mat<T>& target, arma::Mat<T>& out) const;
  // dL/d potential (units x K), exact also where post is 0 or 1.
  void gradient(const arma::Mat<T>& potential, const arma::Mat<T>& post, const arma::Mat<T>& target,
                arma::Mat<T>& out) const;
  // drive -= strength dL/d post, of each observation's own loss; all are units x K. REQUIRES: not
  // cross-entropy, which has no finite slope where post is 0.
  void push(const arma::Mat<T>& post, const arma::Mat<T>& target, T strength,
            arma::Mat<T>& drive) const;

 private:
  // `scale` times the slope in one unit, by how far it is from its target.
  [[nodiscard]] T slope(T difference, T scale) const;
  // By which the slope of one observation's loss is longer than the difference.
  [[nodiscard]] T slope_scale(std::size_t units) const;

  Activation<T> output_;
  bool exists_;
  bool is_cross_entropy_ = false;
  bool is_absolute_ = false;
  bool is_mean_over_units_ = false;
};

extern template class Loss<float>;
extern template class Loss<double>;

}  // namespace deltaw
