// SPDX-License-Identifier: Apache-2.0
// How many units the layers have whose size follows from their source. Touches only its argument:
// any thread.
#pragma once

#include "network/patches.hpp"
#include "network/sequence.hpp"
#include "network/spec.hpp"

namespace deltaw {

// Whether activity passes into the layer without weights.
[[nodiscard]] bool is_weightless(const LayerSpec& layer);

// Whether its units have gates and read their source step by step.
[[nodiscard]] bool is_gated(const LayerSpec& layer);

// The squares of `source` that a conv2d or max-pool layer looks at; their number along a side is
// floor((length + 2 padding - side) / stride) + 1. Errors: E503 for a kernel, stride or number of
// filters of 0, and for padding that leaves a square without a pixel; E518 for a source that is no
// image, or one that is smaller than a square.
[[nodiscard]] Patches patches_of(const LayerSpec& layer, const LayerSpec& source, bool is_planar);

// The steps that a gru or lstm layer makes of `source`. Errors: E503 for no units or an unknown
// axis; E518 for a source that is no image, or that has another number of steps than is given.
[[nodiscard]] Sequence sequence_of(const LayerSpec& layer, const LayerSpec& source, bool is_planar);

// Fills in `units`, `image` and `steps` of every layer that has a source of its own. Layers of a
// cycle stay as they are. Errors: those of patches_of() and sequence_of(), E503 for an unknown
// type, a layer of such a type without one source alone, with lateral connections or in a network
// with time, and for a share of dropout outside 0 to 1; E518 for a size that is given and another.
void derive_shapes(NetworkSpec& network);

}  // namespace deltaw
