// SPDX-License-Identifier: Apache-2.0
// What every training loop does with all weights of a network. Any thread.
#pragma once

#include <string_view>

#include "core/state.hpp"
#include "network/network.hpp"

namespace deltaw {

inline constexpr const char* k_diverged_hint =
    "a lower learning rate, \"clip\" on the optimizer, or \"precision\": \"float64\"";

template <class T>
[[nodiscard]] bool has_finite_weights(const Network<T>& network);
// Throws E304 that names the first weight that is not finite, which came `when` ("update 7").
// REQUIRES: there is one.
template <class T>
[[noreturn]] void refuse_weights(const Network<T>& network, std::string_view when);

template <class T>
void save_weights(const Network<T>& network, StateWriter& writer);
template <class T>
void load_weights(Network<T>& network, StateReader& reader);

}  // namespace deltaw
