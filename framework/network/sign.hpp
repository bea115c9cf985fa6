// SPDX-License-Identifier: Apache-2.0
// Which signs weights may have. Touches only its argument: any thread.
#pragma once

#include <armadillo>

#include "network/spec.hpp"

namespace deltaw {

// Makes W (outputs x inputs) obey spec.sign, by reflection (w <- |w|) or projection
// (w <- max(0, w)), or their mirror images:
//   "nonnegative", "nonpositive"  every weight
//   "dale"                        weights from the first `excitatory` sources (columns) are >= 0,
//                                 from the others <= 0: no unit both excites and inhibits (Dale's
//                                 law; Eccles, Fatt and Koketsu 1954,
//                                 doi:10.1113/jphysiol.1954.sp005226)
// A NaN stays. No allocation. Error: E503 for an unknown sign or way, and for more excitatory
// sources than there are.
template <class T>
void keep_sign(arma::Mat<T>& weights, const ConstraintSpec& spec);

extern template void keep_sign(arma::Mat<float>&, const ConstraintSpec&);
extern template void keep_sign(arma::Mat<double>&, const ConstraintSpec&);

}  // namespace deltaw
