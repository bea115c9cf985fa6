// SPDX-License-Identifier: Apache-2.0
// The table of subcommands.
#include "commands.hpp"

namespace deltaw {

int run_check(const Arguments&);
int run_compare(const Arguments&);
int run_data(const Arguments&);
int run_manifest(const Arguments&);
int run_matrix(const Arguments&);
int run_new_rule(const Arguments&);
int run_rules(const Arguments&);
int run_run(const Arguments&);
int run_tune(const Arguments&);

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"compare", "train one network with several rules, paired, and say which learns better",
       &run_compare},
      {"run", "train with one rule and print its learning curve", &run_run},
      {"tune", "choose rates and parameters, with the same budget for every rule", &run_tune},
      {"rules", "list the learning rules, show one, explain the search", &run_rules},
      {"check",
       "find out by intervention how local a rule is, and whether it keeps to the contract",
       &run_check},
      {"new-rule", "write the folder of a new rule, ready to build", &run_new_rule},
      {"data", "list the known data sets, fetch them, verify them", &run_data},
      {"matrix", "say which rule runs with which dynamics on which task, or what is missing",
       &run_matrix},
      {"manifest", "check a rule's manifest against its library (for authors)", &run_manifest},
  };
  return table;
}

}  // namespace deltaw
