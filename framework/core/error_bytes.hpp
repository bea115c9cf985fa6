// SPDX-License-Identifier: Apache-2.0
// An error as bytes, for a pipe between processes of one program. Pure functions: any thread.
#pragma once

#include <string>

#include "core/error.hpp"

namespace deltaw {

// Without a zero byte.
[[nodiscard]] std::string bytes_of(const Error& error);
[[nodiscard]] Error error_of(const std::string& bytes);

}  // namespace deltaw
