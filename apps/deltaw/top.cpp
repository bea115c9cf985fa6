// SPDX-License-Identifier: Apache-2.0
// deltaw top: the comparisons that run below a folder, on this terminal or another.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "aligned.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "result/progress_file.hpp"
#include "say.hpp"
#include "serve/site.hpp"
#include "statistics/median.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// Of each rule the median over its seeds of the latest value of the metric, and how many steps all
// runs have made together.
struct Standing {
  std::map<std::string, double> latest;
  double steps = 0, before = 0;  // before: made by an earlier process
};

Standing standing_of(const ProgressText& progress) {
  const std::string metric = progress.head.value("metric", "");
  Standing standing;
  std::map<std::pair<std::string, std::uint64_t>, double> steps;
  std::map<std::string, std::map<std::uint64_t, double>> values;
  for (const json& line : progress.lines) {
    if (!line.contains("epoch")) continue;
    const std::string rule = line.at("rule");
    const std::uint64_t seed = line.at("seed");
    steps[{rule, seed}] = line.at("epoch").get<double>();
    standing.before += line.value("from", 0.0);
    if (line.contains(metric) && line[metric].is_number()) values[rule][seed] = line[metric];
  }
  for (const auto& [run, made] : steps) standing.steps += made;
  for (const auto& [rule, of_seeds] : values) {
    std::vector<double> all;
    for (const auto& [seed, value] : of_seeds) all.push_back(value);
    standing.latest[rule] = median(all);
  }
  return standing;
}

// {folder, name, done, runs, share, seconds_left, metric, latest: {rule: value}} of each that runs.
json running(const Site& site, const std::filesystem::path& root) {
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  json all = json::array();
  for (json entry : site.list()) {
    if (entry["state"] != "running") continue;
    const auto progress = read_progress(root / entry["folder"].get<std::string>());
    if (!progress || progress->head.is_null()) continue;
    const Standing standing = standing_of(*progress);
    const double wanted = std::max(1.0, progress->head.value("steps", 0.0));
    const double made = standing.steps - standing.before;
    const double left = std::max(0.0, wanted - standing.steps);
    const double spent = now - progress->head.value("started", now);
    entry["share"] = std::clamp(standing.steps / wanted, 0.0, 1.0);
    entry["seconds_left"] = made > 0 ? json(spent * left / made) : json();
    entry["metric"] = progress->head.value("metric", "");
    entry["latest"] = standing.latest;
    all.push_back(std::move(entry));
  }
  return all;
}

std::string text_of(const json& all) {
  if (all.empty()) return "nothing runs here\n";
  std::vector<Row> rows = {{"comparison", "", "runs", "left", "folder", "latest, median of seeds"}};
  for (const json& entry : all) {
    constexpr std::size_t k_width = 20;
    const auto filled = static_cast<std::size_t>(k_width * entry["share"].get<double>());
    std::vector<std::string> latest;
    for (const auto& [rule, value] : entry["latest"].items()) {
      latest.push_back(fmt::format("{} {:.3g}", rule, value.get<double>()));
    }
    const json& left = entry["seconds_left"];
    rows.push_back(
        {entry["name"],
         fmt::format("[{}{}]", std::string(filled, '#'), std::string(k_width - filled, '.')),
         fmt::format("{}/{}", entry["done"].get<std::size_t>(),
                     entry.value("runs", std::size_t{0})),
         left.is_null() ? "?" : clock_text(left.get<double>()), entry["folder"],
         latest.empty()
             ? "-"
             : fmt::format("{}: {}", entry["metric"].get<std::string>(), fmt::join(latest, ", "))});
  }
  return aligned(rows, "");
}

}  // namespace

CommandLine top_line() {
  CommandLine line;
  line.usage =
      "deltaw top [FOLDER] [options]\n\n"
      "Shows how far the comparisons are that write their results below FOLDER (results), whoever\n"
      "runs them: runs that ended, time left, and the latest median of each rule. Twice a second\n"
      "on a terminal, until Ctrl-C; elsewhere once.";
  auto add = line.shown.add_options();
  add("once", "print it once");
  add("json", "print it once, for machines");
  line.hidden.add_options()("folder", po::value<std::string>()->value_name("FOLDER"));
  line.positional.add("folder", 1);
  return line;
}

int run_top(const Arguments& arguments) {
  const auto values = parse(arguments, top_line());
  if (!values) return 0;
  const std::filesystem::path root =
      values->count("folder") > 0 ? (*values)["folder"].as<std::string>() : "results";
  const Site site(root);
  if (values->count("json") > 0) {
    fmt::print("{}\n", running(site, root).dump(2));
    return 0;
  }
  if (values->count("once") > 0 || isatty(STDOUT_FILENO) == 0) {
    fmt::print("{}", text_of(running(site, root)));
    return 0;
  }
  const Interrupt interrupt;
  while (!Interrupt::is_requested()) {
    fmt::print("\x1b[H\x1b[2J{}\nCtrl-C ends this\n", text_of(running(site, root)));
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  return 0;
}

}  // namespace deltaw
