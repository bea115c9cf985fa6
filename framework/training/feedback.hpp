// SPDX-License-Identifier: Apache-2.0
// The fixed weights along which the output's error reaches the units of a layer, for rules that
// learn from a broadcast error. Pure functions: any thread.
#pragma once

#include <cstdint>

#include "network/network.hpp"

namespace deltaw {

// units x outputs. Of the output layer, the identity. Of others Gaussian with deviation
// 1 / sqrt(outputs), by (seed, layer), as in feedback alignment (Lillicrap et al. 2016,
// doi:10.1038/ncomms13276); but a unit that the output merely selects is itself an output, and gets
// its own error.
template <class T>
[[nodiscard]] Buffer<T> feedback_weights(const Network<T>& network, std::size_t layer,
                                         std::uint64_t seed);

extern template Buffer<float> feedback_weights(const Network<float>&, std::size_t, std::uint64_t);
extern template Buffer<double> feedback_weights(const Network<double>&, std::size_t, std::uint64_t);

}  // namespace deltaw
