// SPDX-License-Identifier: Apache-2.0
// What a static network must satisfy beyond the schema. Internal to experiment/. Any thread.
#pragma once

#include "experiment/node.hpp"
#include "network/spec.hpp"

namespace deltaw::detail {

// Throws, with the place below `node` (an object with "layers" and "connections"): E503 for
// duplicate or unusable names, softmax anywhere but at the output; E510 for an unknown layer; E511
// for a cycle, naming it; E512 for a layer that the input does not reach or that does not lead to
// the output; and those of derive_shapes(), which it calls. `layers` and `connections` are where the
// network was read from.
void check_network(NetworkSpec& network, const Node& layers, const Node& connections);

}  // namespace deltaw::detail
