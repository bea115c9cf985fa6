// SPDX-License-Identifier: Apache-2.0
// The table of subcommands.
#include "commands.hpp"

#include "options.hpp"

namespace deltaw {

int run_aggregate(const Arguments&);
int run_check(const Arguments&);
int run_compare(const Arguments&);
int run_complete(const Arguments&);
int run_data(const Arguments&);
int run_doctor(const Arguments&);
int run_ensemble(const Arguments&);
int run_man(const Arguments&);
int run_manifest(const Arguments&);
int run_matrix(const Arguments&);
int run_new_rule(const Arguments&);
int run_results(const Arguments&);
int run_rules(const Arguments&);
int run_run(const Arguments&);
int run_serve(const Arguments&);
int run_submit(const Arguments&);
int run_top(const Arguments&);
int run_tune(const Arguments&);
int run_watch(const Arguments&);

CommandLine aggregate_line();
CommandLine check_line();
CommandLine compare_line();
CommandLine data_line();
CommandLine doctor_line();
CommandLine ensemble_line();
CommandLine manifest_line();
CommandLine matrix_line();
CommandLine new_rule_line();
CommandLine results_line();
CommandLine rules_line();
CommandLine run_line();
CommandLine serve_line();
CommandLine submit_line();
CommandLine top_line();
CommandLine tune_line();
CommandLine watch_line();

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"compare", "train one network with several rules, paired, and say which learns better",
       &run_compare, &compare_line},
      {"run", "train with one rule and print its learning curve", &run_run, &run_line},
      {"tune", "choose rates and parameters, with the same budget for every rule", &run_tune,
       &tune_line},
      {"ensemble", "combine finished runs, and say whether they are better together", &run_ensemble,
       &ensemble_line},
      {"aggregate", "say how good rules are over several tasks, from the results of each",
       &run_aggregate, &aggregate_line},
      {"submit", "hand a comparison to a cluster, in shards", &run_submit, &submit_line},
      {"results", "list, query, export and verify results, and join shards", &run_results,
       &results_line},
      {"top", "how far comparisons are that run here, or elsewhere", &run_top, &top_line},
      {"serve", "results in a browser, and the curves of what runs as they grow", &run_serve,
       &serve_line},
      {"rules", "list the learning rules, show one, explain the search", &run_rules, &rules_line},
      {"new-rule", "write the folder of a new rule, ready to build", &run_new_rule, &new_rule_line},
      {"watch", "build, check and train a rule whenever it is saved, beside others", &run_watch,
       &watch_line},
      {"check", "find out how local a rule is, and whether it keeps to the contract", &run_check,
       &check_line},
      {"data", "list the known data sets, fetch them, verify them", &run_data, &data_line},
      {"matrix", "say which rule runs with which dynamics on which task, or what is missing",
       &run_matrix, &matrix_line},
      {"doctor", "say what is installed, what is missing, and what to do about it", &run_doctor,
       &doctor_line},
      {"manifest", "check a rule's manifest against its library (for authors)", &run_manifest,
       &manifest_line},
      {"complete", "", &run_complete, nullptr},
      {"man", "", &run_man, nullptr},
  };
  return table;
}

}  // namespace deltaw
