// SPDX-License-Identifier: Apache-2.0
// Which oneDNN computes convolutions. Any thread.
#pragma once

#include <string>

namespace deltaw {

// "2.6.2", of the library that runs.
[[nodiscard]] std::string one_dnn_version();

}  // namespace deltaw
