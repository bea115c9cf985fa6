// SPDX-License-Identifier: Apache-2.0
// Scales each unit's incoming weights to one sum. Touches only its argument: any thread.
#pragma once

#include <armadillo>

#include "core/team.hpp"

namespace deltaw {

// Multiplies each row of W (outputs x inputs) by sum / (its sum), but not one whose sum is not
// above 0, or that is there already as far as rounding tells (64 units in the last place): such
// rows are read, not written. Large matrices are shared out among the team, if there is one, to the
// same bits.
template <class T>
void scale_rows_to(arma::Mat<T>& weights, double sum, Team* team = nullptr);

extern template void scale_rows_to(arma::Mat<float>&, double, Team*);
extern template void scale_rows_to(arma::Mat<double>&, double, Team*);

}  // namespace deltaw
