// SPDX-License-Identifier: Apache-2.0
#include "findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "comparison/frontier.hpp"
#include "report/alignment_table.hpp"
#include "report/cost_table.hpp"
#include "report/families_table.hpp"
#include "report/forgetting_table.hpp"
#include "report/headline.hpp"
#include "report/page.hpp"
#include "report/table.hpp"
#include "statistics/estimate.hpp"

namespace deltaw {

namespace {

// Forgetting where rules learn alike, if the experiment says where.
void add_matched(const Prepared& prepared, const std::vector<RunRecord>& records,
                 nlohmann::json& summary) {
  const auto& sequence = prepared.experiment.task.sequence;
  if (!sequence || sequence->matched_accuracy == 0) return;
  summary["matched"] = matched_forgetting(sequence->matched_accuracy, prepared.experiment.reference,
                                          prepared.arm_names(), records);
  describe_families(summary["matched"], summary.at("rules"));
}

// How many seeds there were when processes before this one ended, if fewer than now: p knows
// nothing of looks at fewer.
void add_earlier_seeds(const Prepared& prepared, nlohmann::json& summary) {
  std::set<std::size_t> counts;
  for (const EarlierProcess& process : prepared.provenance.earlier) counts.insert(process.seeds);
  counts.erase(counts.begin(), counts.lower_bound(least_pairs));  // p was none of theirs
  counts.erase(counts.lower_bound(prepared.experiment.seeds.size()), counts.end());
  if (!counts.empty()) summary["earlier_seeds"] = counts;
}

// Of more arms that are swept the terminal shows families alone; the report has them all.
constexpr std::size_t k_listed_arms = 20;

// Arms of a family differ in how fast they learn: what they were swept for comes first.
std::string tables_of(const nlohmann::json& summary) {
  const std::size_t arms = summary.at("rules").size();
  const std::string others =
      alignment_table(summary) + forgetting_table(summary) + cost_table(summary);
  if (!summary.contains("matched")) return summary_table(summary) + others;
  if (summary["matched"].at("families").size() == arms) {
    return summary_table(summary) + others + "\n" + families_table(summary);
  }
  return sweep_table(summary) + (arms > k_listed_arms ? "" : others);
}

}  // namespace

void sort_by_arm(std::vector<RunRecord>& records, const std::vector<PreparedArm>& arms) {
  const auto place = [&](const RunRecord& record) {
    const auto is_it = [&](const PreparedArm& arm) { return arm.arm().name == record.rule; };
    return std::pair(std::ranges::find_if(arms, is_it) - arms.begin(), record.seed);
  };
  std::ranges::sort(records, {}, place);
}

std::vector<RunRecord> ended_runs(const ResultFolder& folder,
                                  const std::vector<PreparedArm>& arms) {
  std::vector<RunRecord> runs = folder.runs();
  std::erase_if(runs, [](const RunRecord& run) { return run.status == "interrupted"; });
  sort_by_arm(runs, arms);
  return runs;
}

void tell_findings(const po::variables_map& values, const Prepared& prepared,
                   const ResultFolder& folder, const std::vector<RunRecord>& records) {
  nlohmann::json summary = summarise(prepared.facts(), records);
  add_matched(prepared, records, summary);
  add_earlier_seeds(prepared, summary);
  folder.write_summary(summary);
  write_report(folder.path());
  if (values.count("json") > 0) {
    fmt::print("{}\n", summary.dump(2));
    return;
  }
  fmt::print("{}\n{}\nreport: {}\n", tables_of(summary), headline(summary, records).claim,
             (folder.path() / "report.html").string());
}

}  // namespace deltaw
