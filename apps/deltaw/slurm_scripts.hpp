// SPDX-License-Identifier: Apache-2.0
// A comparison as jobs of Slurm: an array of shards, and a job that joins them; a tuning as one job
// of many processes. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace deltaw {

struct SlurmPlan {
  std::string name;                  // of the experiment
  std::string program, experiment;   // files
  std::string out;                   // folder of the joined results; shards go to OUT/shards/I
  std::string directory;             // in which all runs
  std::size_t shards = 1, cpus = 1;  // of each shard, or process
  std::size_t ranks = 0;             // processes of a tuning
  std::vector<std::string> options;  // of sbatch, as they are
  std::vector<std::string> compare, merge, tune;  // more words for these
};

[[nodiscard]] std::string array_script(const SlurmPlan& plan);
[[nodiscard]] std::string merge_script(const SlurmPlan& plan);
[[nodiscard]] std::string tune_script(const SlurmPlan& plan);

}  // namespace deltaw
