// SPDX-License-Identifier: Apache-2.0
// `deltaw compare`: every rule of an experiment with every seed, and what came out.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparison/frontier.hpp"
#include "conduct.hpp"
#include "report/alignment_table.hpp"
#include "report/cost_table.hpp"
#include "report/forgetting_table.hpp"
#include "report/headline.hpp"
#include "report/page.hpp"
#include "report/table.hpp"
#include "say.hpp"

namespace deltaw {

namespace {

// Forgetting where rules learn alike, if the experiment says where.
void add_matched(const Prepared& prepared, const std::vector<RunRecord>& records,
                 nlohmann::json& summary) {
  const auto& sequence = prepared.experiment.task.sequence;
  if (!sequence || sequence->matched_accuracy == 0) return;
  std::vector<std::string> names;
  for (const PreparedArm& arm : prepared.arms) names.push_back(arm.arm().name);
  summary["matched"] =
      matched_forgetting(sequence->matched_accuracy, prepared.experiment.reference, names, records);
}

}  // namespace

CommandLine compare_line() {
  CommandLine line;
  line.usage =
      "deltaw compare EXPERIMENT [options]\n"
      "deltaw compare --resume DIR [options]\n\n"
      "Trains the same network with each rule of the experiment, paired seed by seed, and says\n"
      "which learns better. Writes a folder of results with report.html. Ctrl-C keeps what is "
      "done.";
  add_experiment_options(line);
  add_run_options(line);
  return line;
}

int run_compare(const Arguments& arguments) {
  const auto values = parse(arguments, compare_line());
  if (!values) return 0;
  Prepared prepared = prepare(*values, "compare", arguments);
  const ResultFolder folder = open_results(*values, prepared);
  const Conducted conducted = conduct(*values, prepared, folder);
  nlohmann::json summary = summarise(prepared.facts(), conducted.records);
  add_matched(prepared, conducted.records, summary);
  folder.write_summary(summary);
  write_report(folder.path());
  if (values->count("json") > 0) {
    fmt::print("{}\n", summary.dump(2));
  } else {
    fmt::print("{}{}{}{}\n{}\nreport: {}\n", summary_table(summary), alignment_table(summary),
               forgetting_table(summary), cost_table(summary),
               headline(summary, conducted.records).claim,
               (folder.path() / "report.html").string());
  }
  if (conducted.is_interrupted) {
    const auto ended = std::ranges::count_if(
        conducted.records, [](const RunRecord& record) { return record.status != "interrupted"; });
    say(fmt::format("interrupted: {} of {} runs came to their end and count; all is kept in {}\n",
                    ended, prepared.arms.size() * prepared.experiment.seeds.size(),
                    folder.path().string()));
  }
  return conducted.exit_status();
}

}  // namespace deltaw
