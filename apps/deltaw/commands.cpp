// SPDX-License-Identifier: Apache-2.0
// The table of subcommands.
#include "commands.hpp"

namespace deltaw {

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {};
  return table;
}

}  // namespace deltaw
