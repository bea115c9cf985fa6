// SPDX-License-Identifier: Apache-2.0
// The program takes the place of the shell, so that Slurm's signal before the time is up reaches
// it, and it keeps the states of its runs.
#include "slurm_scripts.hpp"

#include <fmt/format.h>

#include "result/provenance.hpp"

namespace deltaw {
namespace {

constexpr int k_before_the_end = 60;  // s

std::string head(const SlurmPlan& plan, const std::string& suffix, const std::string& log) {
  std::string text = fmt::format(
      "#!/bin/sh\n"
      "#SBATCH --job-name=deltaw-{}{}\n"
      "#SBATCH --chdir={}\n"
      "#SBATCH --output={}/slurm/{}.log\n"
      "#SBATCH --open-mode=append\n",
      plan.name, suffix, plan.directory, plan.out, log);
  for (const std::string& option : plan.options) text += fmt::format("#SBATCH {}\n", option);
  return text;
}

}  // namespace

std::string array_script(const SlurmPlan& plan) {
  std::vector<std::string> words = {plan.program, "compare", plan.experiment};
  words.insert(words.end(), plan.compare.begin(), plan.compare.end());
  return head(plan, "", "shard-%a") +
         fmt::format(
             "#SBATCH --array=1-{0}\n"
             "#SBATCH --cpus-per-task={1}\n"
             "#SBATCH --signal=B:TERM@{2}\n"
             "exec {3} --quiet --jobs {1} --shard \"$SLURM_ARRAY_TASK_ID/{0}\" --out "
             "{4}/shards/\"$SLURM_ARRAY_TASK_ID\"\n",
             plan.shards, plan.cpus, k_before_the_end, shell_line(words), shell_line({plan.out}));
}

std::string merge_script(const SlurmPlan& plan) {
  std::vector<std::string> words = {plan.program, "results", "merge", plan.out};
  for (std::size_t i = 1; i <= plan.shards; ++i) {
    words.push_back(fmt::format("{}/shards/{}", plan.out, i));
  }
  words.emplace_back("--overwrite");
  words.insert(words.end(), plan.merge.begin(), plan.merge.end());
  return head(plan, "-merge", "merge") + fmt::format("exec {}\n", shell_line(words));
}

std::string tune_script(const SlurmPlan& plan) {
  std::vector<std::string> words = {"mpirun",     "-n",   std::to_string(plan.ranks),
                                    plan.program, "tune", plan.experiment};
  words.insert(words.end(), plan.tune.begin(), plan.tune.end());
  const std::string out = shell_line({plan.out});
  return head(plan, "-tune", "tune") + fmt::format(
                                           "#SBATCH --ntasks={0}\n"
                                           "#SBATCH --cpus-per-task={1}\n"
                                           "#SBATCH --signal=B:TERM@{2}\n"
                                           "if [ -e {4}/trials.jsonl ]; then set -- --resume; fi\n"
                                           "exec {3} --quiet --jobs {1} --out {4} \"$@\"\n",
                                           plan.ranks, plan.cpus, k_before_the_end,
                                           shell_line(words), out);
}

}  // namespace deltaw
