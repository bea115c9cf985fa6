// SPDX-License-Identifier: Apache-2.0
// From the command line to an experiment that can run.
#include "experiment_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "comparison/compare_in_processes.hpp"
#include "core/error.hpp"
#include "core/nearest.hpp"
#include "core/sha256.hpp"
#include "experiment/load.hpp"
#include "experiment/resolved.hpp"
#include "plugin_options.hpp"
#include "probe.hpp"
#include "resume.hpp"
#include "say.hpp"
#include "tuning/tuned.hpp"

namespace deltaw {
namespace {

std::uint64_t seed_number(const std::string& text, const std::string& all) {
  if (const auto value = number_in<std::uint64_t>(text)) return *value;
  throw Error(Code::E002, fmt::format("--seeds {} is no list of seeds", all),
              {.expected = "a count (10), a list (3,5,8) or a range (2-6)",
               .found = fmt::format("'{}'", text)});
}

std::chrono::duration<double> seconds_of(const po::variables_map& values, const char* option,
                                         const char* what) {
  const auto text = values[option].as<std::string>();
  const auto seconds = number_in<double>(text);
  if (seconds && *seconds > 0) return std::chrono::duration<double>(*seconds);
  throw Error(Code::E002, fmt::format("--{} {} is no {}", option, text, what),
              {.expected = "seconds, more than 0"});
}

std::vector<std::string> rule_names(const std::string& text) {
  const auto names = parts_of(text);
  const auto refuse = [&](const std::string& what) {
    throw Error(Code::E002, fmt::format("--rules {} {}", text, what),
                {.expected = "names of arms or ids of rules, each once, with commas between them"});
  };
  for (const std::string& name : names) {
    if (name.empty()) refuse("has an empty name");
    if (std::ranges::count(names, name) > 1) refuse(fmt::format("names '{}' twice", name));
  }
  return names;
}

std::vector<std::string> names_of(const Experiment& experiment) {
  std::vector<std::string> names;
  for (const Arm& arm : experiment.arms) names.push_back(arm.name);
  return names;
}

// What a comparison says of where its values come from.
TuningFact tuning_of(const Experiment& experiment) {
  const std::string& note = experiment.tuning;
  if (note.empty()) return {};
  if (note.starts_with("tuned: ")) return {"tuned", note};
  return {"noted", "tuning: " + note};
}

// What the file says of how its values were chosen is not said of what the command line changed.
void add_departures(Experiment& experiment, const std::filesystem::path& file,
                    const std::vector<std::string>& sets) {
  if (experiment.tuning.empty() || experiment.tuning.starts_with("tuned: ")) return;
  std::vector<std::string> changed = sets, others;
  std::erase_if(changed, [](const std::string& set) { return set.starts_with("seeds="); });
  const std::vector<std::string> known = names_of(load_experiment(file));
  for (const std::string& arm : names_of(experiment)) {
    if (std::ranges::count(known, arm) == 0) others.push_back(arm);
  }
  if (!changed.empty()) {
    experiment.tuning += fmt::format("; here with --set {}", fmt::join(changed, " --set "));
  }
  if (!others.empty()) {
    experiment.tuning += fmt::format("; not of the file: {}", fmt::join(others, ", "));
  }
}

// Each once, whichever arms read it. They have been read.
void add_spike_files(const Experiment& experiment, Provenance& provenance) {
  std::set<std::string> files;
  for (const Arm& arm : experiment.arms) {
    if (!arm.spiking) continue;
    for (const SpikingLayerSpec& layer : arm.spiking->layers) {
      if (layer.is_source && !layer.source.file.empty()) files.insert(layer.source.file);
    }
  }
  for (const std::string& file : files) provenance.data.push_back({file, sha256_hex(file)});
}

// What --rules names may be a misspelt arm of the file, which the catalogue does not know.
[[noreturn]] void refuse_rule(const Error& error, const std::filesystem::path& file,
                              const std::string& rule) {
  throw Error(
      error.code(), error.headline() + ", and no arm of that name in the experiment",
      {.hint = fmt::format("arms: {}\n  rules: {}", suggest(rule, names_of(load_experiment(file))),
                           error.detail().hint)});
}

}  // namespace

std::size_t jobs_of(const po::variables_map& values, std::size_t otherwise) {
  if (values.count("jobs") == 0) return otherwise;
  constexpr std::uint64_t k_most = 1024;
  const auto text = values["jobs"].as<std::string>();
  const auto value = number_in<std::uint64_t>(text);
  if (value && *value <= k_most) return *value;
  throw Error(Code::E002, fmt::format("--jobs {} is no number of runs", text),
              {.expected = fmt::format("0 (one a core) to {}", k_most)});
}

Changes changes_of(const po::variables_map& values, const std::string& seeds) {
  Changes changes;
  if (values.count("set") > 0) changes.sets = values["set"].as<std::vector<std::string>>();
  if (values.count("seeds") > 0) {
    changes.sets.push_back(seeds + "=" + seeds_as_json(values["seeds"].as<std::string>()));
  }
  if (values.count("rules") > 0) changes.rules = rule_names(values["rules"].as<std::string>());
  if (values.count("quiet") == 0) {
    changes.on_remark = [](const std::string& remark) { say("note: " + remark + '\n'); };
  }
  return changes;
}

std::filesystem::path experiment_file(const po::variables_map& values, const std::string& command) {
  if (values.count("experiment") > 0) return values["experiment"].as<std::string>();
  if (values.count("resume") > 0 && !values["resume"].as<std::string>().empty()) {
    return ResultFolder::open(values["resume"].as<std::string>()).path() / "experiment.json";
  }
  throw Error(Code::E002, fmt::format("deltaw {} needs an experiment file", command),
              {.hint = fmt::format("deltaw {} experiments/digits.json", command)});
}

std::string seeds_as_json(const std::string& text) {
  constexpr std::uint64_t k_most = 100000;
  if (text.find(',') == std::string::npos && text.find('-') == std::string::npos) {
    const std::uint64_t count = seed_number(text, text);
    if (count > 0) return fmt::format("{}", count);
    throw Error(Code::E002, "--seeds 0 leaves nothing to run", {.expected = "at least one seed"});
  }
  std::vector<std::uint64_t> seeds;
  for (const std::string& part : parts_of(text)) {
    const std::size_t dash = part.find('-');
    const std::uint64_t low = seed_number(part.substr(0, dash), text);
    const std::uint64_t high =
        dash == std::string::npos ? low : seed_number(part.substr(dash + 1), text);
    if (high < low || high - low >= k_most) {
      throw Error(Code::E002,
                  fmt::format("--seeds {}: the range {} is empty or too long", text, part),
                  {.expected = fmt::format("1 to {} seeds, lowest first", k_most)});
    }
    for (std::uint64_t seed = low; seed <= high; ++seed) seeds.push_back(seed);
  }
  return fmt::format("[{}]", fmt::join(seeds, ","));
}

void add_experiment_options(CommandLine& line) {
  auto add = line.shown.add_options();
  add("rules", po::value<std::string>()->value_name("RULE,..."),
      "only these arms, in this order; a rule's id makes an arm of its own");
  add("seeds", po::value<std::string>()->value_name("LIST"),
      "a count (10), a list (3,5,8) or a range (2-6)");
  add("set", po::value<std::vector<std::string>>()->value_name("PATH=VALUE")->composing(),
      "change the experiment: training.epochs=5, rules.backprop.optimizer.rate=0.1");
  add("jobs,j", po::value<std::string>()->value_name("N"),
      "threads: runs at a time, or of one large spiking network (default: one a core)");
  add("data", po::value<std::string>()->value_name("DIR"),
      "folder of the data (default: $DELTAW_DATA, what was fetched, what deltaw ships)");
  add("out,o", po::value<std::string>()->value_name("DIR"),
      "folder of the results (default: results/NAME)");
  add("overwrite", "replace the results that are there, instead of going on with them");
  add("json", "print a summary for machines instead of a table");
  add("quiet,q", "no progress");
  add("no-probe", "do not try foreign plugins in a child process before they are loaded");
  add_plugin_options(line.shown);
  line.hidden.add_options()("experiment", po::value<std::string>()->value_name("EXPERIMENT"));
  line.positional.add("experiment", 1);
}

void add_run_options(CommandLine& line) {
  auto add = line.shown.add_options();
  add("tuned", po::value<std::string>()->value_name("FILE"),
      "rates and parameters that `deltaw tune` found: tuned.json");
  add("resume", po::value<std::string>()->value_name("DIR"),
      "go on with the results of DIR that were interrupted, to the same bits; its experiment need "
      "not be named again");
  add("isolate",
      "each run in a process of its own: a rule that crashes, hangs or ends its process costs its "
      "own run alone");
  add("call-limit", po::value<std::string>()->value_name("SECONDS"),
      "with --isolate: what one call of a rule may take (default: 60)");
  add("state-every", po::value<std::string>()->value_name("SECONDS"),
      "keep the state of a run under way so often, for --resume (default: 60)");
}

Prepared prepare(const po::variables_map& values, const std::string& command,
                 const Arguments& arguments) {
  const std::filesystem::path source = experiment_file(values, command);
  Changes changes = changes_of(values, "seeds");
  if (values.count("tuned") == 0) {
    Prepared prepared = prepare(values, changes, source, command, arguments);
    add_departures(prepared.experiment, source, changes.sets);
    return prepared;
  }
  const Tuned tuned(values["tuned"].as<std::string>());
  const Changes chosen{.rules = changes.rules};
  const std::vector<std::string> arms = names_of(load_experiment(source, chosen));
  const std::vector<std::string> found = tuned.sets(arms);
  const std::vector<std::string> own = values.count("set") > 0
                                           ? values["set"].as<std::vector<std::string>>()
                                           : std::vector<std::string>();
  Changes tuned_first{.sets = changes.sets, .rules = changes.rules}, tuned_last = tuned_first;
  tuned_last.sets.insert(tuned_last.sets.end(), found.begin(), found.end());
  tuned_first.sets.insert(tuned_first.sets.begin(), found.begin(), found.end());
  changes.sets = tuned_first.sets;
  Prepared prepared = prepare(values, changes, source, command, arguments);
  tuned.check(load_changed_document(source, chosen), prepared.experiment);
  if (!own.empty() &&
      load_changed_document(source, tuned_last) != load_changed_document(source, tuned_first)) {
    throw Error(Code::E002, "--set changes what was tuned",
                {.found = fmt::format("--set {}", fmt::join(own, " --set ")),
                 .hint = "without --tuned, or without the --set of a tuned value"});
  }
  prepared.experiment.tuning = tuned.text(arms, own);
  return prepared;
}

Prepared prepare(const po::variables_map& values, const Changes& changes,
                 const std::filesystem::path& source, const std::string& command,
                 const Arguments& arguments) {
  Prepared prepared;
  prepared.experiment = load_experiment(source, changes);
  prepared.experiment.jobs = jobs_of(values, prepared.experiment.jobs);
  if (values.count("state-every") > 0) {
    prepared.between_states = seconds_of(values, "state-every", "time between two states");
  }
  if (values.count("call-limit") > 0) {
    if (values.count("isolate") == 0) {
      throw Error(Code::E002, "--call-limit without --isolate",
                  {.hint = "only a run in a process of its own can be ended: add --isolate"});
    }
    prepared.call_limit = seconds_of(values, "call-limit", "time for a call");
  }
  Catalogue catalogue = make_catalogue(values);
  if (values.count("no-probe") == 0) catalogue.probe_with(probe);
  for (const Arm& arm : prepared.experiment.arms) {
    try {
      prepared.arms.emplace_back(arm, catalogue);
    } catch (const Error& error) {
      if (error.code() != Code::E101 || values.count("rules") == 0) throw;
      refuse_rule(error, source, arm.name);
    }
    print_warnings(prepared.arms.back().warnings());
  }
  std::optional<std::filesystem::path> folder;
  if (values.count("data") > 0) folder = values["data"].as<std::string>();
  const DataFolders folders = data_folders(folder);
  const TaskSpec& spec = prepared.experiment.task;
  prepared.task = make_task(spec, folders);
  check_against(prepared.experiment, prepared.task.inputs(), prepared.task.outputs());
  if (values.count("isolate") > 0) {
    check_in_processes(prepared.experiment, prepared.arms, prepared.task);
  } else {
    check(prepared.experiment, prepared.arms, prepared.task);
  }

  Provenance& provenance = prepared.provenance;
  provenance.command = {"deltaw", command};
  provenance.command.insert(provenance.command.end(), arguments.begin(), arguments.end());
  if (!spec.trials && !spec.protocol) {
    for (const DataFile& file : data_files(spec.data, folders)) {
      provenance.data.push_back({file.path.string(), file.sha256});
    }
  }
  add_spike_files(prepared.experiment, provenance);
  for (const PreparedArm& arm : prepared.arms) {
    for (const PluginFact& plugin : arm.plugins()) {
      const auto is_same = [&](const PluginFact& other) {
        return other.rule == plugin.rule && other.library == plugin.library;
      };
      if (std::ranges::none_of(provenance.plugins, is_same)) provenance.plugins.push_back(plugin);
    }
  }
  return prepared;
}

nlohmann::json Prepared::document() const {
  Experiment as_run = experiment;
  as_run.arms.clear();
  for (const PreparedArm& arm : arms) as_run.arms.push_back(arm.arm());
  return to_json(as_run);
}

std::vector<std::string> Prepared::arm_names() const {
  std::vector<std::string> names;
  names.reserve(arms.size());
  for (const PreparedArm& arm : arms) names.push_back(arm.arm().name);
  return names;
}

std::set<RunKey> Prepared::share() const {
  return share_of(provenance.shard, arm_names(), experiment.seeds);
}

ComparisonFacts Prepared::facts() const {
  ComparisonFacts facts;
  facts.name = experiment.name;
  facts.reference = experiment.reference;
  facts.seeds = experiment.seeds;
  facts.criterion = experiment.criterion;
  facts.is_in_trials = task.trials != nullptr;
  if (experiment.task.protocol) facts.protocol = experiment.task.protocol->type;
  facts.margin = experiment.margin;
  facts.tuning = tuning_of(experiment);
  if (experiment.features) {
    for (const ReadoutSpec& readout : experiment.features->readouts) {
      facts.readouts.push_back(readout.name);
    }
  }
  facts.width = task.data.width;
  facts.height = task.data.height;
  facts.channels = task.data.channels;
  for (const PreparedArm& arm : arms) facts.rules.push_back(arm.facts());
  return facts;
}

namespace {

std::string default_name(const Prepared& prepared) {
  const Shard& shard = prepared.provenance.shard;
  const std::string& name = prepared.experiment.name;
  return shard.is_whole() ? name : fmt::format("{}-{}-of-{}", name, shard.index, shard.count);
}

void tell_without_lock(const ResultFolder& folder) {
  if (folder.is_locked()) return;
  say(
      fmt::format("note: the file system of '{}' knows no locks: let no other process write that "
                  "folder\n",
                  folder.path().string()));
}

ResultFolder go_on(const std::filesystem::path& path, Prepared& prepared) {
  ResultFolder folder = ResultFolder::go_on(path);
  const nlohmann::json document = prepared.document();
  require_resumable(folder, document, prepared.provenance);
  if (folder.experiment().at("seeds") != document.at("seeds")) folder.write_experiment(document);
  tell_without_lock(folder);
  return folder;
}

}  // namespace

ResultFolder open_results(const po::variables_map& values, Prepared& prepared) {
  if (values.count("resume") > 0) {
    if (values.count("out") > 0 || values.count("overwrite") > 0) {
      throw Error(Code::E002, "--resume goes on with results where they are",
                  {.expected = "neither --out nor --overwrite"});
    }
    return go_on(values["resume"].as<std::string>(), prepared);
  }
  const std::filesystem::path path =
      values.count("out") > 0 ? std::filesystem::path(values["out"].as<std::string>())
                              : std::filesystem::path("results") / default_name(prepared);
  const bool is_replaced = values.count("overwrite") > 0;
  if (!is_replaced && has_begun(path, prepared.document())) return go_on(path, prepared);
  ResultFolder folder = is_replaced ? ResultFolder::replace(path) : ResultFolder::create(path);
  folder.write_experiment(prepared.document());
  tell_without_lock(folder);
  return folder;
}

}  // namespace deltaw
