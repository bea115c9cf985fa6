// SPDX-License-Identifier: Apache-2.0
// Lateral connections at their fixed point: the units of a layer excite or inhibit each other by a
// fixed L until potential = drive + L potential, that is potential = (1 - L)^-1 drive. Immutable
// once made: any thread.
#pragma once

#include <armadillo>
#include <vector>

#include "network/spec.hpp"

namespace deltaw {

// Errors: E205 for an L that is not units x units, E503 for one that is not finite, E514 unless
// every eigenvalue of L has a real part below 1, without which the units settle nowhere.
void check_lateral(const LateralSpec& spec, std::size_t units);

template <class T>
class Lateral {
 public:
  // Errors: those of check_lateral().
  Lateral(const LateralSpec& spec, std::size_t units);

  // In place, units x K, without allocation: the drive becomes the potential.
  void settle(arma::Mat<T>& drive) const;
  // In place, units x K: dL/d potential becomes dL/d drive, (1 - L)^-T of it.
  void settle_transposed(arma::Mat<T>& grad) const;

 private:
  void add_mean_field(arma::Mat<T>& values) const;

  // Uniform strength s: (1 - L)^-1 = own_ (1 + shared_ 1 1^T), by Sherman and Morrison 1950
  // (doi:10.1214/aoms/1177729893).
  T own_ = 1, shared_ = 0;
  // Otherwise P (1 - L) = lower upper, both in one matrix, where P swaps row i and swaps_[i].
  arma::Mat<T> factors_;
  std::vector<arma::uword> swaps_;
};

extern template class Lateral<float>;
extern template class Lateral<double>;

}  // namespace deltaw
