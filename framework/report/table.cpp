// SPDX-License-Identifier: Apache-2.0
// Cells from the summary, then columns as wide as their widest cell.
#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "comparison/judged.hpp"
#include "core/error.hpp"
#include "report/cells.hpp"
#include "report/families_table.hpp"
#include "report/pairs_table.hpp"
#include "report/protocol_rows.hpp"
#include "report/subject.hpp"
#include "statistics/estimate.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// "train ≥ 90 %", "test loss ≤ 0.05".
std::string criterion_title(const json& criterion) {
  const auto metric = criterion.at("metric").get<std::string>();
  const double threshold = criterion.at("threshold").get<double>();
  const std::string part = metric.substr(0, metric.find('_'));
  return metric.ends_with("_accuracy") ? fmt::format("{} ≥ {:g} %", part, 100 * threshold)
                                       : fmt::format("{} loss ≤ {:g}", part, threshold);
}

bool has_metric(const json& rules, const std::string& metric) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const json& rule) { return find(rule, "metrics", metric) != nullptr; });
}

// What a rule asks for, after its name: how local, told how much of the goal, changing W when.
void add_demands(const json& rule, Row& row) {
  row.push_back(rule.at("locality").get<std::string>());
  row.push_back(rule.at("supervision").get<std::string>());
  const std::string timing = rule.value("timing", "");
  row.push_back(timing.empty() ? no_value : timing);
}

std::vector<Row> rows_in_trials(const json& summary) {
  const json& criterion = summary.at("criterion");
  const std::string met =
      fmt::format("{:g} % below {:g}", 100 * criterion.at("share").get<double>(),
                  criterion.at("threshold").get<double>());
  std::vector<Row> rows = {
      {"", "", "", "", "train", "test", "trials to", "", ""},
      {"rule", "locality", "supervision", "update", "error", "error", met, "time", "trials"}};
  for (const json& rule : summary.at("rules")) {
    const auto name = rule.at("rule").get<std::string>();
    const Scale scale = scale_of("test_loss");
    Row row = {name};
    add_demands(rule, row);
    row.push_back(estimate(find(rule, "metrics", "train_loss"), scale));
    row.push_back(estimate(find(rule, "metrics", "test_loss"), scale));
    row.push_back(time_to(find(rule, "metrics", "trials_to_criterion")));
    row.push_back(duration(find(rule, "metrics", "seconds")));
    row.push_back(count(find(rule, "metrics", "trials")));
    rows.push_back(std::move(row));
  }
  return rows;
}

// "linear_test_accuracy", or of the training part where there is no test part.
std::string metric_of_readout(const json& summary, const std::string& readout) {
  const std::string test = readout + "_test_accuracy";
  return has_metric(summary.at("rules"), test) ? test : readout + "_train_accuracy";
}

bool is_of_features(const json& summary) {
  return summary.contains("readouts") || has_metric(summary.at("rules"), "selectivity");
}

std::string plain(const json* metric, int decimals) {
  return metric == nullptr ? no_value
                           : fmt::format("{:.{}f}", metric->at("median").get<double>(), decimals);
}

// Columns that no rule has a value for are left out: of the network's own accuracy, or selectivity.
std::vector<Row> rows_of_features(const json& summary) {
  const json& rules = summary.at("rules");
  const json readouts = summary.value("readouts", json::array());
  const bool has_own = has_metric(rules, "test_accuracy");
  const bool has_selectivity = has_metric(rules, "selectivity");
  Row above = {"", "", "", ""}, below = {"rule", "locality", "supervision", "update"};
  const auto add_title = [&](const std::string& first, const std::string& second) {
    above.push_back(first);
    below.push_back(second);
  };
  if (has_own) add_title("network's test", "accuracy, %");
  for (const json& readout : readouts) {
    const auto name = readout.get<std::string>();
    const bool is_test = metric_of_readout(summary, name).ends_with("_test_accuracy");
    add_title(fmt::format("{}, {}", name, is_test ? "test" : "train"), "accuracy, %");
  }
  if (has_selectivity) {
    add_title("", "selectivity");
    add_title("", "overlap");
    add_title("dead", "units");
  }
  add_title("", "time");
  add_title("", "updates");
  std::vector<Row> rows = {above, below};
  for (const json& rule : rules) {
    const auto name = rule.at("rule").get<std::string>();
    Row row = {name};
    add_demands(rule, row);
    const Scale scale = scale_of("test_accuracy");
    if (has_own) row.push_back(estimate(find(rule, "metrics", "test_accuracy"), scale));
    for (const json& readout : readouts) {
      row.push_back(estimate(find(rule, "metrics", metric_of_readout(summary, readout)), scale));
    }
    if (has_selectivity) {
      row.push_back(plain(find(rule, "metrics", "selectivity"), 4));
      row.push_back(plain(find(rule, "metrics", "overlap"), 2));
      row.push_back(count(find(rule, "metrics", "dead_units")));
    }
    row.push_back(duration(find(rule, "metrics", "seconds")));
    row.push_back(count(find(rule, "metrics", "updates")));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Row> rows_of(const json& summary) {
  if (summary.contains("protocol")) return protocol_rows(summary);
  if (is_in_trials(summary)) return rows_in_trials(summary);
  if (is_of_features(summary)) return rows_of_features(summary);
  const json& rules = summary.at("rules");
  const bool classifies = has_metric(rules, "test_accuracy") || has_metric(rules, "train_accuracy");
  const std::string kind = classifies ? "accuracy" : "loss";
  const std::string unit = classifies ? ", %" : "";
  const std::string train = "train_" + kind, test = "test_" + kind;
  const bool has_times = !has_metric(rules, "learning_accuracy");  // no criterion over contexts
  const auto row_with = [&](Row row, const std::string& time_to_it, const std::string& seconds,
                            const std::string& updates) {
    if (has_times) row.push_back(time_to_it);
    row.push_back(seconds);
    row.push_back(updates);
    return row;
  };
  std::vector<Row> rows = {
      row_with({"", "", "", "", "train", "test"}, "epochs to", "", ""),
      row_with({"rule", "locality", "supervision", "update", kind + unit, kind + unit},
               criterion_title(summary.at("criterion")), "time", "updates")};
  for (const json& rule : rules) {
    const auto name = rule.at("rule").get<std::string>();
    const Scale scale = scale_of(test);
    Row row = {name};
    add_demands(rule, row);
    row.push_back(estimate(find(rule, "metrics", train), scale));
    row.push_back(estimate(find(rule, "metrics", test), scale));
    rows.push_back(row_with(std::move(row), time_to(find(rule, "metrics", "epochs_to_criterion")),
                            duration(find(rule, "metrics", "seconds")),
                            count(find(rule, "metrics", "updates"))));
  }
  return rows;
}

// How many runs of a rule finished, unless all did, and what became of the others.
std::string unfinished(const json& summary, const json& rule) {
  const std::size_t seeds = summary.at("seeds").size();
  const auto finished = rule.at("runs").get<std::size_t>();
  const auto failed = rule.at("failed").get<std::size_t>();
  const auto interrupted = rule.at("interrupted").get<std::size_t>();
  if (finished == seeds) return "";
  std::string text = fmt::format("{}: {} of {} runs finished and count above",
                                 rule.at("rule").get<std::string>(), finished, seeds);
  if (failed > 0) {
    const bool has_times = find(rule, "metrics", "epochs_to_criterion") != nullptr ||
                           find(rule, "metrics", "trials_to_criterion") != nullptr;
    text += fmt::format(
        "; {} failed{}", failed,
        has_times ? ", counted only as never meeting the criterion unless met before" : "");
  }
  if (interrupted > 0) text += fmt::format("; {} interrupted", interrupted);
  const std::size_t missing = seeds - finished - failed - interrupted;
  if (missing > 0) text += fmt::format("; {} never started", missing);
  return text + '\n';
}

// Whether some interval of a rule is of too few runs to be more than their range.
bool has_range_alone(const json& rule) {
  const auto is_few = [](const json& metric) {
    const auto n = metric.at("n").get<std::size_t>();
    return n > 1 && n < least_pairs;
  };
  return std::ranges::any_of(rule.at("metrics"), is_few);
}

// Where no unit selects any pattern, all are dead.
std::string of_dead_units(const json& rule) {
  const json* selected = find(rule, "metrics", "selected");
  if (selected == nullptr || selected->at("median") != 0) return "";
  return fmt::format("{}: all units are dead{}: each responds to all patterns alike\n",
                     rule.at("rule").get<std::string>(),
                     selected->at("high") == 0 ? "" : " in half of the runs or more");
}

// Rules whose manifest claims a locality that `deltaw check` has not measured.
std::string claimed_localities(const json& summary) {
  std::string names;
  for (const json& rule : summary.at("rules")) {
    if (rule.value("locality_measured", true)) continue;
    names += (names.empty() ? "" : ", ") + rule.at("rule").get<std::string>();
  }
  return names.empty() ? "" : "locality claimed, not measured: " + names + '\n';
}

std::string notes(const json& summary) {
  std::string text;
  bool has_few = false;
  for (const json& rule : summary.at("rules")) {
    text += unfinished(summary, rule);
    has_few = has_few || has_range_alone(rule);
    for (const json& readout : summary.value("readouts", json::array())) {
      const json* found = find(rule, "metrics", metric_of_readout(summary, readout));
      const auto runs = rule.at("runs").get<std::size_t>();
      const auto measured = found == nullptr ? 0 : found->at("n").get<std::size_t>();
      if (measured == runs) continue;
      text += fmt::format("{}: the readout '{}' diverged in {} of {} runs, which do not count\n",
                          rule.at("rule").get<std::string>(), readout.get<std::string>(),
                          runs - measured, runs);
    }
    text += of_dead_units(rule);
  }
  if (has_few && summary.at("seeds").size() >= least_pairs) {
    text += fmt::format("[ ]: the range where fewer than {} runs count\n", least_pairs);
  }
  text += claimed_localities(summary);
  if (summary.contains("earlier_seeds")) {
    text += fmt::format("seeds were added: {}, then {}; p does not know of looks at fewer\n",
                        fmt::join(summary["earlier_seeds"].get<std::vector<std::size_t>>(), ", "),
                        summary.at("seeds").size());
  }
  if (summary.contains("tuning")) text += summary["tuning"].at("text").get<std::string>() + '\n';
  return text;
}

// Between the least and the largest of n values the median lies with a chance of 1 - 2^(1 - n): for
// fewer than 6 that is below 95 %, and no interval reaches it.
std::string what_is_shown(const json& summary) {
  const std::size_t seeds = summary.at("seeds").size();
  if (seeds == 1) return "one run each";
  if (seeds < least_pairs) return "median [range]";
  return fmt::format("median [{:g} % interval]", 100 * summary.at("level").get<double>());
}

// "digits: 10 seeds, ".
std::string name_and_seeds(const json& summary) {
  const std::size_t seeds = summary.at("seeds").size();
  return fmt::format("{}: {} seed{}, ", summary.at("name").get<std::string>(), seeds,
                     seeds == 1 ? "" : "s");
}

std::string notes_below(const json& summary) {
  const std::string below = notes(summary);
  return below.empty() ? "" : "\n" + below;
}

}  // namespace

std::string summary_table(const json& summary) {
  try {
    return name_and_seeds(summary) + what_is_shown(summary) + "\n\n" + aligned(rows_of(summary)) +
           notes_below(summary) + (summary.contains("protocol") ? "" : pairs_table(summary));
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

std::string sweep_table(const json& summary) {
  try {
    const std::size_t families = summary.at("matched").at("families").size();
    return fmt::format("{}{} arms of {} famil{}, {}\n\n{}{}", name_and_seeds(summary),
                       summary.at("rules").size(), families, families == 1 ? "y" : "ies",
                       what_is_shown(summary), families_table(summary), notes_below(summary));
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
