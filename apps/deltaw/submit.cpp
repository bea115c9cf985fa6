// SPDX-License-Identifier: Apache-2.0
// deltaw submit slurm: a comparison or a tuning as jobs of a cluster.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "child_command.hpp"
#include "core/error.hpp"
#include "core/program.hpp"
#include "experiment_options.hpp"
#include "plugin_options.hpp"
#include "result/file.hpp"
#include "result/origin.hpp"
#include "slurm_scripts.hpp"
#include "tuning_plan.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

std::size_t shards_of(const po::variables_map& values, std::size_t runs) {
  const auto text = values.count("shards") > 0 ? values["shards"].as<std::string>() : "";
  const auto shards = number_in<std::size_t>(text);
  if (shards && *shards >= 1 && *shards <= runs) return *shards;
  throw Error(Code::E002, "deltaw submit needs --shards, how many jobs share the runs",
              {.expected = fmt::format("1 to {}, as many as there are runs", runs),
               .found = text.empty() ? "nothing" : text});
}

// How many processes share the runs of a tuning, one of which leads.
std::size_t ranks_of(const po::variables_map& values) {
  const auto text = values["tune"].as<std::string>();
  const auto ranks = number_in<std::size_t>(text);
  if (ranks && *ranks >= 2 && *ranks <= 100'000) return *ranks;
  throw Error(Code::E002, fmt::format("--tune {}", text),
              {.expected = "2 to 100000 processes, one of which leads the others"});
}

// What this program was told of where rules and data are, for those that it lets run.
std::vector<std::string> places_of(const po::variables_map& values) {
  std::vector<std::string> words = plugin_words(values);
  if (values.count("data") > 0) {
    words.insert(words.end(), {"--data", values["data"].as<std::string>()});
  }
  if (values.count("no-probe") > 0) words.emplace_back("--no-probe");
  return words;
}

// What both have.
SlurmPlan plan_of(const po::variables_map& values, const std::string& name,
                  const std::string& out) {
  SlurmPlan plan;
  plan.name = name;
  plan.program = program_file();
  plan.out = values.count("out") > 0 ? values["out"].as<std::string>() : out;
  plan.directory = fs::current_path();
  plan.cpus = std::max<std::size_t>(1, jobs_of(values, 1));
  if (values.count("sbatch") > 0) plan.options = values["sbatch"].as<std::vector<std::string>>();
  return plan;
}

SlurmPlan comparison_plan(const po::variables_map& values, const Prepared& prepared) {
  const std::string& name = prepared.experiment.name;
  SlurmPlan plan = plan_of(values, name, "results/" + name);
  plan.experiment = plan.out + "/slurm/experiment.json";
  plan.shards = shards_of(values, prepared.arms.size() * prepared.experiment.seeds.size());
  plan.compare = plan.merge = places_of(values);
  for (const char* option : {"call-limit", "state-every"}) {
    if (values.count(option) == 0) continue;
    plan.compare.insert(plan.compare.end(),
                        {fmt::format("--{}", option), values[option].as<std::string>()});
  }
  if (values.count("isolate") > 0) plan.compare.emplace_back("--isolate");
  return plan;
}

// The experiment's own file, as `compare --tuned` asks for it.
SlurmPlan job_of_tuning(const po::variables_map& values, const std::string& name) {
  SlurmPlan plan = plan_of(values, name, "results/" + name + "-tuning");
  plan.experiment = experiment_file(values, "submit");
  plan.ranks = ranks_of(values);
  plan.tune = places_of(values);
  for (const char* option : {"rules", "seeds"}) {
    if (values.count(option) == 0) continue;
    plan.tune.insert(plan.tune.end(),
                     {fmt::format("--{}", option), values[option].as<std::string>()});
  }
  if (values.count("set") > 0) {
    for (const auto& set : values["set"].as<std::vector<std::string>>()) {
      plan.tune.insert(plan.tune.end(), {"--set", set});
    }
  }
  return plan;
}

// The last job replaces what is in OUT: that must be of this comparison.
void require_own(const fs::path& out, const nlohmann::json& experiment) {
  if (!fs::exists(out / "experiment.json")) return;
  nlohmann::json before = json_in(out / "experiment.json");
  if (adds_seeds(before, experiment)) before["seeds"] = experiment["seeds"];
  const auto other = difference_of_experiments(before, experiment);
  if (!other) return;
  throw Error(
      Code::E604,
      fmt::format("'{}' has results of another experiment: '{}' differs", out.string(),
                  other->place),
      {.expected = other->before, .found = other->here, .hint = "another folder with --out"});
}

// Ranks need MPI, and a folder that is free or a tuning's.
void require_tuning(const fs::path& out) {
  if (const fs::path mpi = program_prefix() / "lib/deltaw/mpi.so"; !fs::exists(mpi)) {
    throw Error(
        Code::E004, "this deltaw has no MPI, by which the processes of a tuning meet",
        {.expected = mpi.string(), .hint = "build it where Boost.MPI is (libboost-mpi-dev)"});
  }
  if (fs::exists(out / "experiment.json")) {
    throw Error(Code::E601, fmt::format("'{}' has results of a comparison", out.string()),
                {.hint = "another folder with --out"});
  }
}

// The number of the job. Error: E600.
std::string submitted(const fs::path& script, const std::vector<std::string>& options) {
  const fs::path answer = script.string() + ".answer";
  std::vector<std::string> words = {"sbatch", "--parsable"};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(script);
  const int status = ChildCommand(words, answer).status();
  std::string said = read_file(answer);
  fs::remove(answer);
  said.erase(said.find_last_not_of(" \n") + 1);
  if (status == 0) return said.substr(0, said.find(';'));  // of a cluster with a name: after ';'
  throw Error(Code::E600, fmt::format("sbatch takes no job: {}", shell_line(words)),
              {.found = said, .hint = "--dry-run shows the scripts"});
}

void submit_comparison(const po::variables_map& values, const Arguments& arguments) {
  const Prepared prepared = prepare(values, "submit", arguments);
  const SlurmPlan plan = comparison_plan(values, prepared);
  if (values.count("dry-run") > 0) {
    fmt::print("{}\n{}", array_script(plan), merge_script(plan));
    return;
  }
  const fs::path scripts = fs::path(plan.out) / "slurm";
  require_own(plan.out, prepared.document());
  make_folder(scripts);
  write_json(plan.experiment, prepared.document());
  write_file(scripts / "shards.sbatch", array_script(plan));
  write_file(scripts / "merge.sbatch", merge_script(plan));
  const std::string shards = submitted(scripts / "shards.sbatch", {});
  const std::string merge =
      submitted(scripts / "merge.sbatch", {"--dependency=afterany:" + shards});
  if (values.count("json") > 0) {
    const nlohmann::json told = {{"shards", shards}, {"merge", merge}, {"out", plan.out}};
    fmt::print("{}\n", told.dump(2));
  } else {
    fmt::print("job {}: {} shards; job {} joins them in {}\n", shards, plan.shards, merge,
               plan.out);
  }
}

void submit_tuning(const po::variables_map& values, const Arguments& arguments) {
  for (const char* option : {"shards", "tuned", "isolate", "call-limit", "state-every"}) {
    if (values.count(option) == 0) continue;
    throw Error(Code::E002, fmt::format("--{} with --tune", option),
                {.hint = "that is of comparisons"});
  }
  const Changes changes = tuning_changes(values);
  const Prepared prepared =
      prepare(values, changes, experiment_file(values, "submit"), "submit", arguments);
  Catalogue catalogue = make_catalogue(values);
  check(tuning_plan(values, changes, prepared), prepared.task, catalogue);
  const SlurmPlan plan = job_of_tuning(values, prepared.experiment.name);
  require_tuning(plan.out);
  if (values.count("dry-run") > 0) {
    fmt::print("{}", tune_script(plan));
    return;
  }
  const fs::path script = fs::path(plan.out) / "slurm/tune.sbatch";
  make_folder(script.parent_path());
  write_file(script, tune_script(plan));
  const std::string job = submitted(script, {});
  if (values.count("json") > 0) {
    const nlohmann::json told = {{"tune", job}, {"out", plan.out}};
    fmt::print("{}\n", told.dump(2));
  } else {
    fmt::print("job {}: {} processes tune to {}\n", job, plan.ranks, plan.out);
  }
}

}  // namespace

CommandLine submit_line() {
  CommandLine line;
  line.usage =
      "deltaw submit slurm EXPERIMENT --shards N|--tune N [options]\n\n"
      "Hands a comparison to Slurm: an array of N jobs, each a share of the runs (--shard), and a\n"
      "job after them that joins what they made (deltaw results merge). Or a tuning: one job of N\n"
      "processes (mpirun deltaw tune). The same command again goes on with what is there.";
  line.hidden.add_options()("engine", po::value<std::string>()->value_name("slurm"));
  line.positional.add("engine", 1);
  add_experiment_options(line);
  add_run_options(line);
  auto add = line.shown.add_options();
  add("shards", po::value<std::string>()->value_name("N"), "how many jobs share the runs");
  add("tune", po::value<std::string>()->value_name("N"),
      "tune instead, by N processes; its budget is set as --set tune.trials=27");
  add("sbatch", po::value<std::vector<std::string>>()->value_name("OPTION")->composing(),
      "an option of sbatch for all jobs, as --sbatch=--time=2:00:00; repeatable");
  add("dry-run", "print the scripts, write and submit nothing");
  return line;
}

int run_submit(const Arguments& arguments) {
  const auto values = parse(arguments, submit_line());
  if (!values) return 0;
  if (values->count("engine") == 0 || (*values)["engine"].as<std::string>() != "slurm") {
    throw Error(Code::E002, "deltaw submit knows one engine: slurm",
                {.hint = "deltaw submit slurm EXPERIMENT --shards N"});
  }
  for (const char* option : {"resume", "overwrite"}) {
    if (values->count(option) == 0) continue;
    throw Error(Code::E002, fmt::format("deltaw submit has no --{}", option),
                {.hint = "the same command again goes on with shards that are there"});
  }
  (values->count("tune") > 0 ? submit_tuning : submit_comparison)(*values, arguments);
  return 0;
}

}  // namespace deltaw
