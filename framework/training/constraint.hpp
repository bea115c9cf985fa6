// SPDX-License-Identifier: Apache-2.0
// What weights must obey after every update. Touches only its argument: any thread.
#pragma once

#include <armadillo>

#include "network/spec.hpp"

namespace deltaw {

// Applies to W (outputs x inputs), in this order: the sign, as keep_sign() does; the L2 norm of
// each row (a unit's incoming weights); the sum of |w| of each column (a source's outgoing
// weights); the bounds. So sign and bounds always hold, norm and sum up to what the later steps
// change. A row or column of zeros stays. A weight that is not finite is not mended. No allocation.
// Errors: those of keep_sign().
template <class T>
void constrain(arma::Mat<T>& weights, const ConstraintSpec& spec);

}  // namespace deltaw
