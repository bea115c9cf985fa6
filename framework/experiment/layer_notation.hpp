// SPDX-License-Identifier: Apache-2.0
// Layers in short, as in tables of papers: 28x28-C3x32-C5x128-MP-D.2-128-10. Internal to
// experiment/. Pure functions: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace deltaw::detail {

// Writes out in place what is short in "layers" (one text, or texts among objects), with names by
// kind and number: input, conv1, pool1, dropout1, dense1, ..., output.
//   64, 28x28, 32x32x3  of the first: so many units; an image, height x width x channels
//   C5x32, 32C5         conv2d with a kernel of 5 x 5 and 32 filters, relu
//   MP, MP3, P3         max-pool over squares of 2 x 2, or 3 x 3
//   F, D.2              flatten, dropout with a share of 0.2
//   GRU128, row LSTM64, col GRU128  gru or lstm of so many units; steps are rows, or columns
//   128                 so many units, relu; of the last, softmax
// Error: E503 for what is none of these.
void expand_layers(nlohmann::json& layers);

}  // namespace deltaw::detail
