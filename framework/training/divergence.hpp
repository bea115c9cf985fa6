// SPDX-License-Identifier: Apache-2.0
// Why weights are no longer finite: what a rule proposed, or how far it was taken. Any thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "training/driver.hpp"

namespace deltaw {

inline constexpr const char* k_diverged_hint =
    "a lower learning rate, \"clip\" on the optimizer, or \"precision\": \"float64\"";

// Throws E304 that names the rule whose last ΔW was not finite and where, else the first weight
// that is not, which came `when` ("update 7"). REQUIRES: there is such a weight.
template <class T>
[[noreturn]] void refuse_weights(const Network<T>& network,
                                 const std::vector<std::unique_ptr<Driver<T>>>& drivers,
                                 std::string_view when);

}  // namespace deltaw
