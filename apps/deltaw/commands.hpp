// SPDX-License-Identifier: Apache-2.0
// The subcommands: each has one file, one function, and one row in commands.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deltaw {

using Arguments = std::vector<std::string>;

// Each parses its arguments, calls the framework, prints, and returns the exit status.
// Throws Error; main() prints it.

struct Command {
  std::string_view name, summary;
  int (*run)(const Arguments&);
};

[[nodiscard]] const std::vector<Command>& commands();

}  // namespace deltaw
