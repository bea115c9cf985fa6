// SPDX-License-Identifier: Apache-2.0
// deltaw watch: a rule is built, checked and trained whenever it is saved, beside the recorded runs
// of others. Each step is a process of its own, so that a rule that crashes ends no watch.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <thread>

#include "child_command.hpp"
#include "core/error.hpp"
#include "core/program.hpp"
#include "experiment/load.hpp"
#include "experiment/resolved.hpp"
#include "folder_watch.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "plugin/manifest.hpp"
#include "result/file.hpp"
#include "rule_folder.hpp"
#include "say.hpp"
#include "serve/server.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using Words = std::vector<std::string>;

json read_json(const fs::path& file) {
  return fs::exists(file) ? json::parse(read_file(file), nullptr, false) : json();
}

class Watch {
 public:
  Watch(const po::variables_map& values, fs::path folder, fs::path experiment, fs::path out)
      : values_(values),
        folder_(std::move(folder)),
        experiment_(std::move(experiment)),
        out_(std::move(out)) {
    make_folder(out_);
    tell("Building for the first time");
  }

  // One save: 0 when it builds, keeps to the contract and trains.
  int take() {
    trainer_.reset();
    checker_.reset();
    facts_.clear();
    has_report_ = false;
    status_ = 0;
    ++build_;
    tell(fmt::format("Save {}: building", build_));
    for (const Words& command : folder_.build()) {
      if (const int status = ChildCommand(command).status(); status != 0) {
        tell(fmt::format("Save {} does not build: the terminal says why", build_));
        say(fmt::format("save {} does not build\n", build_));
        return status;
      }
    }
    const Words own = own_arms();
    train_others(own);
    tell(fmt::format("Save {}: training {}", build_, fmt::join(own, ", ")));
    const std::string deltaw = program_file();
    Words check = {deltaw, "check", folder_.manifests().front().string()};
    checker_.emplace(check, out_ / "check.txt");
    trainer_.emplace(comparison(
        own, "now", {"--isolate", "--quiet", "--plugin-dir", folder_.plugins().string()}));
    return 0;
  }

  [[nodiscard]] bool is_busy() { return checker_ || trainer_; }

  // Tells what became of the save as its processes end; 0 when all is well.
  int look() {
    if (checker_ && !checker_->is_running()) {
      if (const int status = checker_->status(); status != 0) {
        status_ = status;
        say(read_file(out_ / "check.txt"));
        facts_.push_back("check: refused; the terminal, or check.txt, says why");
      } else {
        facts_.push_back("check: passed");
      }
      checker_.reset();
      tell(said_);
    }
    if (trainer_ && !trainer_->is_running()) {
      const int status = trainer_->status();
      trainer_.reset();
      if (status != 0) status_ = status;
      has_report_ = true;
      for (const char* part : {"now", "others"}) add_medians(part);
      tell(fmt::format("Save {}: {}", build_, status == 0 ? "trained" : "a run failed"));
    }
    return status_;
  }

 private:
  // Of the experiment those that the folder's rules drive; where none do, the rules themselves.
  [[nodiscard]] Words own_arms() const {
    const auto manifests = folder_.manifests();
    if (manifests.empty()) {
      throw Error(Code::E603, fmt::format("no rule in '{}'", folder_.plugins().string()),
                  {.hint = "deltaw_add_rule() in CMakeLists.txt"});
    }
    Words ids;
    for (const RuleSpec& rule : read_manifest(manifests.front()).rules) ids.push_back(rule.id);
    Words own;
    for (const Arm& arm : load_experiment(experiment_, changes({})).arms) {
      const bool is_own = std::ranges::any_of(arm.drives, [&](const Drive& drive) {
        return std::ranges::count(ids, drive.rule.substr(0, drive.rule.find('@'))) > 0;
      });
      if (is_own) own.push_back(arm.name);
    }
    return own.empty() ? ids : own;
  }

  [[nodiscard]] Changes changes(const Words& rules) const {
    Changes changes{.rules = rules};
    if (values_.count("set") > 0) changes.sets = values_["set"].as<Words>();
    return changes;
  }

  // Once, and again when the experiment changes.
  void train_others(const Words& own) {
    Words others;
    for (const Arm& arm : load_experiment(experiment_, changes({})).arms) {
      if (std::ranges::count(own, arm.name) == 0) others.push_back(arm.name);
    }
    if (others.empty()) return;
    const json wanted = to_json(load_experiment(experiment_, changes(others)));
    if (read_json(out_ / "others/experiment.json") == wanted &&
        fs::exists(out_ / "others/summary.json")) {
      return;
    }
    tell(fmt::format("Training {} once", fmt::join(others, ", ")));
    if (const int status = ChildCommand(comparison(others, "others", {})).status(); status != 0) {
      throw Error(Code::E606, "the rules to compare with did not train",
                  {.hint = "what stands above"});
    }
  }

  [[nodiscard]] Words comparison(const Words& rules, const char* out, const Words& more) const {
    Words words = {program_file(),
                   "compare",
                   experiment_.string(),
                   "--overwrite",
                   "--out",
                   (out_ / out).string(),
                   "--rules",
                   fmt::format("{}", fmt::join(rules, ","))};
    if (values_.count("data") > 0) words.insert(words.end(), {"--data", text("data")});
    if (values_.count("set") > 0) {
      for (const std::string& set : values_["set"].as<Words>()) {
        words.insert(words.end(), {"--set", set});
      }
    }
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  [[nodiscard]] std::string text(const char* option) const {
    return values_[option].as<std::string>();
  }

  void add_medians(const char* part) {
    const json summary = read_json(out_ / part / "summary.json");
    if (!summary.is_object()) return;
    const auto metric = summary.value("judged", "");
    for (const json& rule : summary.value("rules", json::array())) {
      const json median = rule.at("metrics").value(metric, json::object()).value("median", json());
      if (!median.is_number()) continue;
      facts_.push_back(fmt::format("{}: median {} {:.4g}", rule.at("rule").get<std::string>(),
                                   metric, median.get<double>()));
    }
  }

  // The page reads it.
  void tell(const std::string& what) {
    said_ = what;
    write_json(out_ / "watch.json", {{"build", build_},
                                     {"said", said_},
                                     {"facts", facts_},
                                     {"others", "others"},
                                     {"report", has_report_ ? json("now/report.html") : json()}});
  }

  const po::variables_map& values_;
  RuleFolder folder_;
  fs::path experiment_, out_;
  std::optional<ChildCommand> checker_, trainer_;
  Words facts_;
  std::string said_;
  std::size_t build_ = 0;
  int status_ = 0;
  bool has_report_ = false;
};

}  // namespace

CommandLine watch_line() {
  CommandLine line;
  line.usage =
      "deltaw watch FOLDER [EXPERIMENT] [options]\n\n"
      "Builds, checks and trains the rule in FOLDER (of `deltaw new-rule`) whenever a file there "
      "is\n"
      "saved, and shows its learning curves on a page beside those of the experiment's other\n"
      "rules, which are trained once. EXPERIMENT: FOLDER/experiment.json. Ctrl-C ends it.";
  auto add = line.shown.add_options();
  add("once", "build, check and train once, then end; exit status 0 when all is well");
  add("set", po::value<std::vector<std::string>>()->value_name("PATH=VALUE")->composing(),
      "change the experiment: training.epochs=5");
  add("data", po::value<std::string>()->value_name("DIR"), "folder of the data");
  add("out,o", po::value<std::string>()->value_name("DIR"),
      "folder of the results (default: FOLDER/build/watch)");
  add("port", po::value<std::string>()->value_name("N"),
      "of the page, on this machine (default: any that is free)");
  line.hidden.add_options()("folder", po::value<std::string>()->value_name("FOLDER"));
  line.hidden.add_options()("experiment", po::value<std::string>()->value_name("EXPERIMENT"));
  line.positional.add("folder", 1);
  line.positional.add("experiment", 1);
  return line;
}

int run_watch(const Arguments& arguments) {
  const auto values = parse(arguments, watch_line());
  if (!values) return 0;
  if (values->count("folder") == 0) {
    throw Error(Code::E002, "deltaw watch needs the folder of a rule",
                {.hint = "deltaw new-rule my-rule; deltaw watch my-rule"});
  }
  const auto path = [&](const char* option, const fs::path& otherwise) {
    return values->count(option) > 0 ? fs::path((*values)[option].as<std::string>()) : otherwise;
  };
  const fs::path folder = path("folder", "");
  const fs::path out = path("out", folder / "build/watch");
  const std::uint16_t port = port_of(*values, 0);
  FolderWatch saves(folder);
  Watch watch(*values, folder, path("experiment", folder / "experiment.json"), out);
  const Interrupt interrupt;
  Server server(Site(out), "127.0.0.1", port);
  say(fmt::format("page: {}live/now/\n", server.url()));
  const std::jthread pages(
      [&](const std::stop_token& stop) { server.run([&] { return !stop.stop_requested(); }); });
  int status = watch.take();
  const bool is_once = values->count("once") > 0;
  while (!Interrupt::is_requested() && (!is_once || watch.is_busy())) {
    if (saves.wait(std::chrono::milliseconds(100)) && !is_once) watch.take();
    const int found = watch.look();
    if (status == 0) status = found;
  }
  return is_once ? status : 0;
}

}  // namespace deltaw
