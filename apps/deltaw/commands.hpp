// SPDX-License-Identifier: Apache-2.0
// The subcommands: each has one file, two functions, and one row in commands.cpp. What they take
// stands once: it is what is parsed, what --help prints, what shells complete, and the man page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deltaw {

using Arguments = std::vector<std::string>;
struct CommandLine;

// Each run() parses its arguments, calls the framework, prints, and returns the exit status; it
// throws Error, which main() prints. line() is what it takes; none where it takes words as they
// are, as only commands for programs do. Those have no summary and are not listed.
struct Command {
  std::string_view name, summary;
  int (*run)(const Arguments&);
  CommandLine (*line)();
};

[[nodiscard]] const std::vector<Command>& commands();

}  // namespace deltaw
