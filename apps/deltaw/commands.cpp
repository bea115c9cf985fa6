// SPDX-License-Identifier: Apache-2.0
// The table of subcommands.
#include "commands.hpp"

namespace deltaw {

int run_manifest(const Arguments&);
int run_rules(const Arguments&);

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"rules", "list the learning rules, show one, explain the search", &run_rules},
      {"manifest", "check a rule's manifest against its library (for authors)", &run_manifest},
  };
  return table;
}

}  // namespace deltaw
