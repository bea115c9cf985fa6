// SPDX-License-Identifier: Apache-2.0
// The options that `run`, `compare` and `tune` share, and what they lead to: an experiment, its
// arms ready to run, and its data. One thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <vector>

#include "comparison/compare.hpp"
#include "comparison/prepared_arm.hpp"
#include "comparison/summary.hpp"
#include "experiment/experiment.hpp"
#include "experiment/load.hpp"
#include "options.hpp"
#include "result/folder.hpp"
#include "result/provenance.hpp"
#include "task/task.hpp"

namespace deltaw {

// The experiment as first positional, --rules, --seeds, --set, --jobs, --data, --out, --overwrite,
// --json, --quiet, and where plugins are.
void add_experiment_options(CommandLine& line);

// What only runs of the experiment as it is have: --tuned, --resume, --isolate and what goes with
// them.
void add_run_options(CommandLine& line);

// Everything that runs need, checked as far as it can be before the first one starts.
struct Prepared {
  Experiment experiment;
  std::vector<PreparedArm> arms;
  Task task;
  Provenance provenance;                                    // without start and end
  std::chrono::duration<double> between_states = k_minute;  // of a run under way
  std::chrono::duration<double> call_limit = k_minute;      // of one call of a rule, with --isolate

  [[nodiscard]] ComparisonFacts facts() const;
  [[nodiscard]] std::vector<std::string> arm_names() const;
  [[nodiscard]] nlohmann::json document() const;  // experiment.json of these arms
  [[nodiscard]] std::set<RunKey> share() const;   // the runs of the provenance's shard
};

// What --set, --rules and --seeds change; `seeds` is the place in the experiment that the latter
// sets.
[[nodiscard]] Changes changes_of(const po::variables_map& values, const std::string& seeds);

// --jobs, where it is given, else `otherwise`. Error: E002.
[[nodiscard]] std::size_t jobs_of(const po::variables_map& values, std::size_t otherwise);

// The file of the experiment; without one, that of the results which --resume names. Error: E002
// when neither is given.
[[nodiscard]] std::filesystem::path experiment_file(const po::variables_map& values,
                                                    const std::string& command);

// The experiment of changes_of(values, "seeds") and --tuned, ready to run. `command` and
// `arguments` are what the user typed, for the provenance.
[[nodiscard]] Prepared prepare(const po::variables_map& values, const std::string& command,
                               const Arguments& arguments);

// The same of other changes to the experiment in the file `source`.
[[nodiscard]] Prepared prepare(const po::variables_map& values, const Changes& changes,
                               const std::filesystem::path& source, const std::string& command,
                               const Arguments& arguments);

// The folder that --out and --overwrite ask for, else results/<experiment>, of a shard
// results/<experiment>-<i>-of-<n>, with the experiment in
// it; where that has results of the same experiment, or with --resume, those are gone on with, and
// the processes before this one go into the provenance. Errors: E600, E601, E602, those of
// require_resumable().
[[nodiscard]] ResultFolder open_results(const po::variables_map& values, Prepared& prepared);

// "10", "3,5,8" or "2-6" as the experiment writes it: 10, [3,5,8], [2,3,4,5,6]. Errors: E002.
[[nodiscard]] std::string seeds_as_json(const std::string& text);

}  // namespace deltaw
