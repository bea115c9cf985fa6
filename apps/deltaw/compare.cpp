// SPDX-License-Identifier: Apache-2.0
// `deltaw compare`: every rule of an experiment with every seed, and what came out.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparison/compare_over_ranks.hpp"
#include "conduct.hpp"
#include "core/error.hpp"
#include "findings.hpp"
#include "say.hpp"

namespace deltaw {

namespace {

Shard shard_of(const po::variables_map& values, std::size_t runs) {
  if (values.count("shard") == 0) return {};
  const auto text = values["shard"].as<std::string>();
  const auto shard = shard_in(text);
  if (shard && shard->count <= runs) return *shard;
  throw Error(Code::E002, fmt::format("--shard {} is no share of these runs", text),
              {.expected = fmt::format("I/N: the I-th of N, N at most the {} runs", runs)});
}

// Of a shard there is nothing to be said before all are merged.
void tell_shard(const po::variables_map& values, const Prepared& prepared,
                const ResultFolder& folder, std::size_t ended, std::size_t runs) {
  const Shard& shard = prepared.provenance.shard;
  if (values.count("json") > 0) {
    const nlohmann::json told = {{"shard", to_text(shard)},
                                 {"folder", folder.path().string()},
                                 {"runs", runs},
                                 {"ended", ended}};
    fmt::print("{}\n", told.dump(2));
    return;
  }
  fmt::print(
      "shard {} of {}: {} of {} runs have ended, in {}\nwhen all shards have: deltaw results "
      "merge OUT {} ...\n",
      to_text(shard), prepared.experiment.name, ended, runs, folder.path().string(),
      shell_line({folder.path().string()}));
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
  line.shown.add_options()(
      "shard", po::value<std::string>()->value_name("I/N"),
      "only the I-th of N shares of the runs, to be joined with those of other "
      "processes or machines by deltaw results merge");
  return line;
}

int run_compare(const Arguments& arguments) {
  const auto values = parse(arguments, compare_line());
  if (!values) return 0;
  const std::unique_ptr<Group> group = Group::join(*values);
  if (group && !group->is_leader()) {
    return group->follow([&](Ranks& ranks) {
      const Prepared prepared = prepare(*values, "compare", arguments);
      follow_comparison(ranks, identity_of(prepared), prepared.experiment, prepared.arms,
                        prepared.task, prepared.between_states);
    });
  }
  Prepared prepared = prepare(*values, "compare", arguments);
  std::size_t runs = prepared.arms.size() * prepared.experiment.seeds.size();
  prepared.provenance.shard = shard_of(*values, runs);
  const ResultFolder folder = open_results(*values, prepared);
  const Conducted conducted = conduct(*values, prepared, folder, {}, group.get());
  const auto ended = static_cast<std::size_t>(std::ranges::count_if(
      conducted.records, [](const RunRecord& record) { return record.status != "interrupted"; }));
  if (prepared.provenance.shard.is_whole()) {
    tell_findings(*values, prepared, folder, conducted.records);
  } else {
    runs = prepared.share().size();
    tell_shard(*values, prepared, folder, ended, runs);
  }
  if (conducted.is_interrupted) {
    say(fmt::format("interrupted: {} of {} runs came to their end and count; all is kept in {}\n",
                    ended, runs, folder.path().string()));
  }
  return conducted.exit_status();
}

}  // namespace deltaw
