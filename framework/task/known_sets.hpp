// SPDX-License-Identifier: Apache-2.0
// Data sets that deltaw knows by name. Pure functions: any thread.
#pragma once

#include <string>
#include <vector>

#include "task/spec.hpp"

namespace deltaw {

// "digits", "mnist", "fashion-mnist" and "cifar-10" spelled out as "csv", "idx" or "cifar" with
// their files; other types as they are. A name is filled in. Errors: E503 unknown type, or files
// that a type needs missing.
[[nodiscard]] DataSpec spelled_out(const DataSpec& spec);

// The file names of a spelled-out spec that it reads, in order.
[[nodiscard]] std::vector<std::string> file_names(const DataSpec& spec);

}  // namespace deltaw
