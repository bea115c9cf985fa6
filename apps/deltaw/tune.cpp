// SPDX-License-Identifier: Apache-2.0
// `deltaw tune`: rates and parameters for every rule of an experiment, with the same budget.
#include "tuning/tune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "experiment_options.hpp"
#include "interrupt.hpp"
#include "plugin_options.hpp"
#include "ranks.hpp"
#include "report/page.hpp"
#include "report/tuning_table.hpp"
#include "say.hpp"
#include "tuning/findings.hpp"
#include "tuning/folder.hpp"
#include "tuning/tune_over_ranks.hpp"
#include "tuning_plan.hpp"
#include "tuning_progress.hpp"

namespace deltaw {
namespace {

TuningFolder open_folder(const po::variables_map& values, const TuningPlan& plan) {
  const bool is_resumed = values.count("resume") > 0, is_replaced = values.count("overwrite") > 0;
  if (is_resumed && is_replaced) {
    throw Error(Code::E002, "--resume and --overwrite ask for opposite things");
  }
  const std::filesystem::path path =
      values.count("out") > 0
          ? std::filesystem::path(values["out"].as<std::string>())
          : std::filesystem::path("results") / (plan.experiment.name + "-tuning");
  return {path, plan,
          is_resumed    ? TuningFolder::Existing::resumed
          : is_replaced ? TuningFolder::Existing::replaced
                        : TuningFolder::Existing::refused};
}

// Whether it gives a value that the tuning has found another one for.
bool is_found(const std::string& set, const nlohmann::json& found) {
  for (const auto& rule : found.at("rules")) {
    if (!rule.contains("values")) continue;
    for (const auto& [place, value] : rule["values"].items()) {
      const std::string path = fmt::format("rules.{}.{}", rule["rule"].get<std::string>(), place);
      if (set.starts_with(path + "=")) return true;
    }
  }
  return false;
}

// What compares the arms that were tuned, as they were tuned.
std::string next_command(const po::variables_map& values, const std::filesystem::path& tuned,
                         const nlohmann::json& found) {
  std::vector<std::string> words = {"deltaw", "compare", experiment_file(values, "tune").string(),
                                    "--tuned", tuned.string()};
  for (const char* option : {"rules", "data"}) {
    if (values.count(option) == 0) continue;
    words.insert(words.end(), {fmt::format("--{}", option), values[option].as<std::string>()});
  }
  const std::vector<std::string> plugins = plugin_words(values);
  words.insert(words.end(), plugins.begin(), plugins.end());
  if (values.count("set") > 0) {
    for (const std::string& value : values["set"].as<std::vector<std::string>>()) {
      if (value.starts_with("tune.") || is_found(value, found)) continue;
      words.insert(words.end(), {"--set", value});
    }
  }
  return shell_line(words);
}

nlohmann::json to_json(const WorkerLoad& load) {
  nlohmann::json told = {{"jobs", load.jobs}, {"wall", load.wall}};
  if (load.running > 0) told.update({{"running", load.running}, {"cpu", load.cpu}});
  return told;
}

void say_load(const WorkerLoad& load) {
  if (load.running == 0) return;
  say(
      fmt::format("{:.1f} s, {} at a time: workers had a run for {:.1f} % of it; the processor was "
                  "theirs for {:.1f} %\n",
                  load.wall, load.jobs, 100 * load.busy(), 100 * load.given()));
}

}  // namespace

CommandLine tune_line() {
  CommandLine line;
  line.usage =
      "deltaw tune EXPERIMENT [options]\n\n"
      "Searches learning rates and parameters of each rule with the same budget, by validation\n"
      "data alone, and writes tuned.json for `deltaw compare --tuned`. Every run is recorded as\n"
      "it ends: after Ctrl-C, --resume goes on. Here --seeds are the tuning's own.";
  add_experiment_options(line);
  auto add = line.shown.add_options();
  add("trials", po::value<std::string>()->value_name("N"), "points that each rule tries (27)");
  add("epochs", po::value<std::string>()->value_name("E"),
      "of the longest runs, or trials of a task in trials (default: the experiment's)");
  add("search", po::value<std::string>()->value_name("sobol|random"),
      "how points are chosen (sobol)");
  add("halving", po::value<std::string>()->value_name("ETA"),
      "one trial in ETA goes on to ETA times the epochs (3); 1: all have all epochs");
  add("resume", "go on with what is in the folder");
  return line;
}

int run_tune(const Arguments& arguments) {
  const auto values = parse(arguments, tune_line());
  if (!values) return 0;
  if (const auto file = experiment_file(*values, "tune"); std::filesystem::is_directory(file)) {
    throw Error(Code::E002, fmt::format("'{}' is a folder", file.string()),
                {.expected = "the experiment; the folder of a tuning is named with --out",
                 .hint = fmt::format("deltaw tune EXPERIMENT --out {} --resume", file.string())});
  }
  const Changes changes = tuning_changes(*values);
  const std::unique_ptr<Group> group = Group::join(*values);
  if (group && !group->is_leader()) {
    return group->follow([&](Ranks& ranks) {
      const Prepared own =
          prepare(*values, changes, experiment_file(*values, "tune"), "tune", arguments);
      Catalogue catalogue = make_catalogue(*values);
      follow_tuning(ranks, identity_of(own), tuning_plan(*values, changes, own), own.task,
                    catalogue);
    });
  }
  Prepared prepared =
      prepare(*values, changes, experiment_file(*values, "tune"), "tune", arguments);
  Catalogue catalogue = make_catalogue(*values);
  const TuningPlan plan = tuning_plan(*values, changes, prepared);
  check(plan, prepared.task, catalogue);
  TuningFolder folder = open_folder(*values, plan);
  prepared.provenance.started = utc_now();
  folder.write("provenance.json", to_json(prepared.provenance));

  const bool is_quiet = values->count("quiet") > 0;
  const Interrupt interrupt;
  std::stop_source stop;
  WorkerLoad load;
  {
    TuningProgress progress(plan, folder.records(), is_quiet);
    const std::vector<TrialRecord> done = folder.records();
    const TuningListener listener{[&](const TrialRecord& record) {
                                    folder.add(record);
                                    progress.run(record);
                                  },
                                  [&] {
                                    if (Interrupt::is_requested()) stop.request_stop();
                                    progress.redraw();
                                  }};
    if (group) {
      group->lead(prepared, [&](Ranks& ranks, const CheckRank& check) {
        load = tune_over_ranks(ranks, check, plan, done, stop.get_token(), listener);
      });
    } else {
      load = tune(plan, prepared.task, catalogue, done, prepared.experiment.jobs, stop.get_token(),
                  listener);
    }
  }
  prepared.provenance.finished = utc_now();
  nlohmann::json provenance = to_json(prepared.provenance);
  provenance["load"] = to_json(load);
  folder.write("provenance.json", provenance);
  const auto found = findings(plan, folder.records());
  if (!found) {
    say(fmt::format("interrupted: {} of {} runs are kept in {}; --resume goes on\n",
                    folder.records().size(), plan.runs(), folder.path().string()));
    return 130;
  }
  folder.sort_trials();
  folder.write("tuned.json", *found);
  write_tuning_report(folder.path());
  if (!is_quiet) say_load(load);
  if (values->count("json") > 0) {
    fmt::print("{}\n", found->dump(2));
  } else {
    fmt::print("{}\nreport: {}\nnext: {}\n", tuning_table(*found),
               (folder.path() / "report.html").string(),
               next_command(*values, folder.path() / "tuned.json", *found));
  }
  const auto has_values = [](const nlohmann::json& rule) { return rule.contains("values"); };
  return std::ranges::all_of(found->at("rules"), has_values) ? 0 : 4;
}

}  // namespace deltaw
