// SPDX-License-Identifier: Apache-2.0
// deltaw watch: a rule is built, checked and trained whenever it is saved, beside the recorded runs
// of others. Each step is a process of its own, so that a rule that crashes ends no watch.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

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

class Watch {
 public:
  Watch(const po::variables_map& values, fs::path folder, fs::path experiment, fs::path out)
      : values_(values),
        folder_(std::move(folder)),
        experiment_(std::move(experiment)),
        out_(std::move(out)) {
    make_folder(out_ / "now");  // the page is there from the start
    tell("Building for the first time");
  }

  // One save: what the last one began ends, and its own begins.
  void take() {
    worker_.reset();
    trainer_.reset();
    checker_.reset();
    ++build_;
    status_ = 0;
    steps_ = folder_.build();
    step_ = Step::build;
    tell(fmt::format("Save {}: building", build_));
    next_step();
  }

  [[nodiscard]] bool is_busy() const { return worker_ || checker_ || trainer_; }
  // Of the last save: 0 while nothing has gone wrong.
  [[nodiscard]] int status() const { return status_; }

  // Goes on where a process has ended. Errors end the save, not the watch.
  void look() {
    try {
      look_at_worker();
      look_at_checker();
      look_at_trainer();
    } catch (const Error& error) {
      worker_.reset();
      status_ = info(error.code()).exit_status;
      say(error.text() + "\n");
      tell(fmt::format("Save {}: {}", build_, error.headline()));
    }
  }

 private:
  enum class Step { build, others };

  void next_step() {
    worker_.emplace(steps_.front());
    steps_.erase(steps_.begin());
  }

  void look_at_worker() {
    if (!worker_ || worker_->is_running()) return;
    const int status = worker_->status();
    worker_.reset();
    if (status != 0) {
      status_ = status;
      const char* what = step_ == Step::build ? "does not build" : "has nothing to compare with";
      say(fmt::format("save {} {}\n", build_, what));
      return tell(fmt::format("Save {} {}: the terminal says why", build_, what));
    }
    if (!steps_.empty()) return next_step();
    if (step_ == Step::build) return train_others();
    train();
  }

  void look_at_checker() {
    if (!checker_ || checker_->is_running()) return;
    const int status = checker_->status();
    checker_.reset();
    facts_.push_back(status == 0 ? "check: passed" : "check: refused; check.txt says why");
    if (status != 0) {
      status_ = status;
      say(read_file(out_ / "check.txt"));
    }
    tell(said_);
  }

  void look_at_trainer() {
    if (!trainer_ || trainer_->is_running()) return;
    const int status = trainer_->status();
    trainer_.reset();
    if (status != 0) status_ = status;
    has_report_ = fs::exists(out_ / "now/report.html");
    if (has_report_) {
      for (const char* part : {"now", "others"}) add_medians(part);
    }
    tell(fmt::format("Save {}: {}", build_,
                     status == 0   ? "trained"
                     : has_report_ ? "a run failed"
                                   : "refused; the terminal says why"));
  }

  // Of the experiment those that the folder's rules drive; where none do, the rules themselves.
  [[nodiscard]] Words own_arms() const {
    Words ids;
    for (const fs::path& manifest : folder_.manifests()) {
      for (const RuleSpec& rule : read_manifest(manifest).rules) ids.push_back(rule.id);
    }
    if (ids.empty()) {
      throw Error(Code::E603, fmt::format("no rule in '{}'", folder_.plugins().string()),
                  {.hint = "deltaw_add_rule() in CMakeLists.txt"});
    }
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

  // Once, and again when the experiment changes; then the rule.
  void train_others() {
    step_ = Step::others;
    own_ = own_arms();
    Words others;
    for (const Arm& arm : load_experiment(experiment_, changes({})).arms) {
      if (std::ranges::count(own_, arm.name) == 0) others.push_back(arm.name);
    }
    const bool is_done =
        others.empty() || (json_in(out_ / "others/experiment.json") ==
                               to_json(load_experiment(experiment_, changes(others))) &&
                           fs::exists(out_ / "others/summary.json"));
    if (is_done) return train();
    tell(fmt::format("Training {} once", fmt::join(others, ", ")));
    steps_ = {comparison(others, "others", {})};
    next_step();
  }

  void train() {
    std::error_code ignored;
    fs::remove_all(out_ / "now", ignored);  // so that what is there is of this save
    make_folder(out_ / "now");
    facts_.clear();
    has_report_ = false;
    tell(fmt::format("Save {}: training {}", build_, fmt::join(own_, ", ")));
    checker_.emplace(Words{program_file(), "check", folder_.manifests().front().string()},
                     out_ / "check.txt");
    trainer_.emplace(comparison(
        own_, "now", {"--isolate", "--quiet", "--plugin-dir", folder_.plugins().string()}));
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
    const json summary = json_in(out_ / part / "summary.json");
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
  std::optional<ChildCommand> worker_, checker_, trainer_;  // of the build and the others; ...
  std::vector<Words> steps_;                                // that the worker has still to do
  Step step_ = Step::build;
  Words own_, facts_;
  std::string said_;
  std::size_t build_ = 0;
  int status_ = 0;
  bool has_report_ = false;
};

// Whether a file was written since the last call.
class FileWatch {
 public:
  explicit FileWatch(fs::path file) : file_(std::move(file)) { static_cast<void>(has_changed()); }
  [[nodiscard]] bool has_changed() {
    std::error_code missing;
    const fs::file_time_type now = fs::last_write_time(file_, missing);
    return !missing && now != std::exchange(written_, now);
  }

 private:
  fs::path file_;
  fs::file_time_type written_;
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
  const fs::path experiment = path("experiment", folder / "experiment.json");
  FolderWatch saves(folder, out);
  FileWatch experiment_saves(experiment);  // it may lie elsewhere
  Watch watch(*values, folder, experiment, out);
  const Interrupt interrupt;
  Server server(Site(out), "127.0.0.1", port);
  say(fmt::format("page: {}live/now/\n", server.url()));
  const std::jthread pages(
      [&](const std::stop_token& stop) { server.run([&] { return !stop.stop_requested(); }); });
  const bool is_once = values->count("once") > 0;
  watch.take();
  while (!Interrupt::is_requested() && (!is_once || watch.is_busy())) {
    const bool is_saved = saves.wait(std::chrono::milliseconds(100));
    if ((experiment_saves.has_changed() || is_saved) && !is_once) watch.take();
    watch.look();
  }
  if (!is_once) return 0;
  return Interrupt::is_requested() ? 130 : watch.status();
}

}  // namespace deltaw
