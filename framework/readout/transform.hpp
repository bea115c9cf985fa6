// SPDX-License-Identifier: Apache-2.0
// What a linear readout makes of a layer's activity before its weights. Immutable once fitted: any
// thread.
#pragma once

#include <armadillo>

#include "readout/spec.hpp"

namespace deltaw {

// f of ReadoutSpec: exponent, then normalisation. A silent sample stays 0.
template <class T>
class Transform {
 public:
  // Means and deviations, where the spec asks for them, are those of `train`, units x samples.
  Transform(const ReadoutSpec& spec, const arma::Mat<T>& train);

  // `features` may be `activity`; both are of one sample, one value a unit.
  void apply(const T* activity, T* features) const;

  // f = (what it would be without "standardise" - mean) * scale; empty without "standardise".
  [[nodiscard]] const arma::Col<T>& mean() const { return mean_; }
  [[nodiscard]] const arma::Col<T>& scale() const { return scale_; }

 private:
  void raise(T* values) const;
  void fit(const arma::Mat<T>& train);

  std::size_t units_;
  double exponent_;
  bool has_sum_;
  arma::Col<T> mean_, scale_;
};

extern template class Transform<float>;
extern template class Transform<double>;

}  // namespace deltaw
