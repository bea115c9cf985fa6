// SPDX-License-Identifier: Apache-2.0
// What a network that settles may consist of. Pure function: any thread.
#pragma once

#include "network/graph.hpp"

namespace deltaw {

// Throws E503 for layers with time or lateral connections, for connections that are not plain
// weights, for an activation that jumps or reaches beyond its unit, and for a step outside (0, 1];
// nothing in a network that does not settle.
void check_settling(const Graph& graph);

}  // namespace deltaw
