// SPDX-License-Identifier: Apache-2.0
// Whether a network is as wide as its task. Any thread.
#pragma once

#include <cstddef>

#include "network/graph.hpp"

namespace deltaw {

// Throws E205 unless the layer has as many units as there are of `each` ("feature") in `what` ("the
// data").
void require_units(const Graph::Layer& layer, std::size_t wanted, const char* each,
                   const char* what);

}  // namespace deltaw
