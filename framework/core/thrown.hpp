// SPDX-License-Identifier: Apache-2.0
// Any exception as an Error, for another process to hear of. Any thread.
#pragma once

#include "core/error.hpp"

namespace deltaw {

// What is being handled: an Error itself, E003 for want of memory, else E001. What is no
// std::exception is thrown on. REQUIRES: a handler is running.
[[nodiscard]] Error thrown_error();

}  // namespace deltaw
