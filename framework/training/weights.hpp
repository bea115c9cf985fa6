// SPDX-License-Identifier: Apache-2.0
// What every training loop does with all weights of a network. Any thread.
#pragma once

#include "core/state.hpp"
#include "network/network.hpp"

namespace deltaw {

template <class T>
[[nodiscard]] bool has_finite_weights(const Network<T>& network);

template <class T>
void save_weights(const Network<T>& network, StateWriter& writer);
template <class T>
void load_weights(Network<T>& network, StateReader& reader);

}  // namespace deltaw
