// SPDX-License-Identifier: Apache-2.0
// deltaw results merge: shards of a comparison become the results of one.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "findings.hpp"
#include "result/origin.hpp"
#include "results.hpp"
#include "say.hpp"
#include "store/merge.hpp"

namespace deltaw {
namespace {

// Summary and report come from this program and its rules.
void require_same_program(const ShardSet& shards, const Prepared& prepared) {
  const auto other =
      difference_of_origins(shards.provenance(), to_json(prepared.provenance), false);
  if (!other) return;
  throw Error(
      Code::E607,
      fmt::format("the shards were made with another '{}' than this one", other->place.substr(1)),
      {.expected = other->before,
       .found = other->here,
       .hint = "the deltaw, rules and data of then"});
}

}  // namespace

int merge_results(const ResultsRequest& request) {
  const po::variables_map& values = request.values;
  if (request.words.size() < 2) {
    throw Error(Code::E002,
                "deltaw results merge needs a folder to write and the folders of shards",
                {.hint = "deltaw results merge results/NAME results/NAME-1-of-2 "
                         "results/NAME-2-of-2"});
  }
  const std::filesystem::path out = request.words.front();
  const ShardSet shards({request.words.begin() + 1, request.words.end()});
  const Prepared prepared =
      prepare(values, Changes(), shards.experiment_file(), "results", request.arguments);
  require_same_program(shards, prepared);
  if (values.count("quiet") == 0) {
    for (const std::string& remark : shards.remarks()) say("note: " + remark + '\n');
  }
  const ResultFolder folder =
      values.count("overwrite") > 0 ? ResultFolder::replace(out) : ResultFolder::create(out);
  folder.write_experiment(shards.experiment());
  shards.copy_to(folder);
  folder.write_metrics(prepared.arm_names());
  folder.write_provenance(shards.joined_provenance(shell_line(prepared.provenance.command)));
  const std::vector<RunRecord> records = ended_runs(folder, prepared.arms);
  tell_findings(values, prepared, folder, records);
  const auto has_failed = [](const RunRecord& record) { return record.status == "failed"; };
  return std::ranges::any_of(records, has_failed) ? 4 : 0;
}

}  // namespace deltaw
