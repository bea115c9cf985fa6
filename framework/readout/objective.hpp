// SPDX-License-Identifier: Apache-2.0
// The losses of linear readouts. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <cstdint>

#include "readout/spec.hpp"

namespace deltaw {

// The loss of `scores` (S f + b, classes x samples), summed over samples; on return `scores` holds
// minus its derivative with respect to them. labels: one a sample. Of spec: type, beta and m.
template <class T>
[[nodiscard]] double descend(const ReadoutSpec& spec, const std::uint32_t* labels,
                             arma::Mat<T>& scores);

extern template double descend(const ReadoutSpec&, const std::uint32_t*, arma::Mat<float>&);
extern template double descend(const ReadoutSpec&, const std::uint32_t*, arma::Mat<double>&);

}  // namespace deltaw
