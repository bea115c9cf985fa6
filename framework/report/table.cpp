// SPDX-License-Identifier: Apache-2.0
// Cells from the summary, then columns as wide as their widest cell.
#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "comparison/statistics.hpp"
#include "core/error.hpp"
#include "report/aligned_rows.hpp"
#include "report/protocol_rows.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
using Row = std::vector<std::string>;

constexpr const char* no_value = "-";

// How one kind of metric is shown: accuracies in percent, losses as they are.
struct Scale {
  double factor;
  int decimals;
};

Scale scale_of(const std::string& metric) {
  return metric.ends_with("_accuracy") ? Scale{100, 1} : Scale{1, 4};
}

const json* find(const json& rule, const char* group, const std::string& metric) {
  const auto found = rule.at(group).find(metric);
  return found == rule.at(group).end() ? nullptr : &*found;
}

std::string number(const json& value, const Scale& scale, bool with_sign) {
  if (value.is_null()) return "never";
  const double scaled = value.get<double>() * scale.factor;
  return with_sign ? fmt::format("{:+.{}f}", scaled, scale.decimals)
                   : fmt::format("{:.{}f}", scaled, scale.decimals);
}

std::string estimate(const json* metric, const Scale& scale, bool with_sign = false) {
  if (metric == nullptr) return no_value;
  const std::string middle = number(metric->at("median"), scale, with_sign);
  if (metric->at("n").get<std::size_t>() < 2) return middle;
  return fmt::format("{} [{}, {}]", middle, number(metric->at("low"), scale, with_sign),
                     number(metric->at("high"), scale, with_sign));
}

std::string time_to(const json* metric) {
  if (metric == nullptr) return no_value;
  const auto reached = metric->at("reached").get<std::size_t>();
  const json& middle = metric->at("median");
  const std::string text = middle.is_null() ? (reached == 0 ? "never" : "mostly never")
                                            : fmt::format("{:g}", middle.get<double>());
  return fmt::format("{} ({}/{})", text, reached, metric->at("runs").get<std::size_t>());
}

std::string duration(const json* metric) {
  if (metric == nullptr) return no_value;
  const double seconds = metric->at("median").get<double>();
  if (seconds < 10) return fmt::format("{:.2f} s", seconds);
  if (seconds < 600) return fmt::format("{:.0f} s", seconds);
  return fmt::format("{:.0f} min", seconds / 60);
}

std::string count(const json* metric) {
  if (metric == nullptr) return no_value;
  const double median = metric->at("median").get<double>();  // of two counts it may end in a half
  return fmt::format("{:.{}f}", median, median == std::floor(median) ? 0 : 1);
}

std::string p_value(const json* metric) {
  if (metric == nullptr || metric->at("p_adjusted").is_null()) return no_value;
  const double p = metric->at("p_adjusted").get<double>();
  return p < 0.001 ? "<0.001" : fmt::format("{:.3f}", p);
}

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

bool is_in_trials(const json& summary) { return summary.at("criterion").contains("share"); }

std::vector<Row> rows_in_trials(const json& summary) {
  const json& criterion = summary.at("criterion");
  const std::string met =
      fmt::format("{:g} % below {:g}", 100 * criterion.at("share").get<double>(),
                  criterion.at("threshold").get<double>());
  std::vector<Row> rows = {{"", "", "train", "test", "trials to", "", "", ""},
                           {"rule", "locality", "error", "error", met, "p", "time", "trials"}};
  for (const json& rule : summary.at("rules")) {
    const auto name = rule.at("rule").get<std::string>();
    const bool is_reference = name == summary.at("reference").get<std::string>();
    const Scale scale = scale_of("test_loss");
    rows.push_back({name, rule.at("locality").get<std::string>(),
                    estimate(find(rule, "metrics", "train_loss"), scale),
                    estimate(find(rule, "metrics", "test_loss"), scale),
                    time_to(find(rule, "metrics", "trials_to_criterion")),
                    is_reference ? "reference"
                                 : p_value(find(rule, "versus_reference", "trials_to_criterion")),
                    duration(find(rule, "metrics", "seconds")),
                    count(find(rule, "metrics", "trials"))});
  }
  return rows;
}

// "linear_test_accuracy", or of the training part where there is no test part.
std::string metric_of_readout(const json& summary, const std::string& readout) {
  const std::string test = readout + "_test_accuracy";
  return has_metric(summary.at("rules"), test) ? test : readout + "_train_accuracy";
}

// The readout by which rules are compared; empty where there is none.
std::string first_readout(const json& summary) {
  return summary.contains("readouts") ? summary["readouts"].at(0).get<std::string>() : "";
}

// What rules are compared by.
std::string judged_metric(const json& summary) {
  const std::string readout = first_readout(summary);
  return readout.empty() ? "test_accuracy" : metric_of_readout(summary, readout);
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
  const std::string judged = judged_metric(summary);
  const auto reference = summary.at("reference").get<std::string>();
  Row above = {"", ""}, below = {"rule", "locality"};
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
  if (!readouts.empty()) {
    add_title(fmt::format("{} - {}", first_readout(summary), reference), "points");
    add_title("", "p");
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
    Row row = {name, rule.at("locality").get<std::string>()};
    const Scale scale = scale_of(judged);
    if (has_own) row.push_back(estimate(find(rule, "metrics", "test_accuracy"), scale));
    for (const json& readout : readouts) {
      row.push_back(estimate(find(rule, "metrics", metric_of_readout(summary, readout)), scale));
    }
    const json* versus = find(rule, "versus_reference", judged);
    if (!readouts.empty()) {
      row.push_back(name == reference ? "reference" : estimate(versus, scale, true));
      row.push_back(p_value(versus));
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
  const auto reference = summary.at("reference").get<std::string>();
  std::vector<Row> rows = {
      {"", "", "train", "test", "test - " + reference, "", "epochs to", "", ""},
      {"rule", "locality", kind + unit, kind + unit, classifies ? "points" : "loss", "p",
       criterion_title(summary.at("criterion")), "time", "updates"}};
  for (const json& rule : rules) {
    const auto name = rule.at("rule").get<std::string>();
    const Scale scale = scale_of(test);
    const json* versus = find(rule, "versus_reference", test);
    rows.push_back({name, rule.at("locality").get<std::string>(),
                    estimate(find(rule, "metrics", train), scale),
                    estimate(find(rule, "metrics", test), scale),
                    name == reference ? "reference" : estimate(versus, scale, true),
                    p_value(versus), time_to(find(rule, "metrics", "epochs_to_criterion")),
                    duration(find(rule, "metrics", "seconds")),
                    count(find(rule, "metrics", "updates"))});
  }
  return rows;
}

std::string equivalence(const json& summary) {
  if (!summary.contains("margin")) return "";
  bool is_judged = false;
  std::string names;
  for (const json& rule : summary.at("rules")) {
    const json* versus = find(rule, "versus_reference", judged_metric(summary));
    const json verdict = versus == nullptr ? json() : versus->value("equivalent", json());
    is_judged = is_judged || !verdict.is_null();
    if (verdict != true) continue;
    names += (names.empty() ? "" : ", ") + rule.at("rule").get<std::string>();
  }
  if (!is_judged) return "";
  return fmt::format("within {:g} points of {} in test accuracy, by two tests at 5 %: {}\n",
                     100 * summary.at("margin").get<double>(),
                     summary.at("reference").get<std::string>(), names.empty() ? "none" : names);
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

std::string notes(const json& summary) {
  std::string text;
  bool has_pairs = false, has_p = false, has_few = false;
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
    if (summary.contains("protocol")) continue;  // measured, not judged
    for (const json& versus : rule.at("versus_reference")) {
      has_pairs = true;
      has_p = has_p || !versus.at("p").is_null();
    }
  }
  if (has_few && summary.at("seeds").size() >= least_pairs) {
    text += fmt::format("[ ]: the range where fewer than {} runs count\n", least_pairs);
  }
  text += equivalence(summary);
  if (has_p && is_in_trials(summary)) {
    text +=
        "p: sign-flip test of paired times to the criterion, censored ones ranked after "
        "Prentice, adjusted after Holm\n";
  } else if (has_p) {
    text += "p: sign-flip test of paired differences, adjusted after Holm\n";
  }
  if (has_pairs && !has_p) text += "p: too few seeds for a test; 6 or more are needed\n";
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

}  // namespace

std::string summary_table(const json& summary) {
  try {
    const std::size_t seeds = summary.at("seeds").size();
    const std::string title =
        fmt::format("{}: {} seed{}, {}\n\n", summary.at("name").get<std::string>(), seeds,
                    seeds == 1 ? "" : "s", what_is_shown(summary));
    const std::string below = notes(summary);
    return title + aligned_rows(rows_of(summary)) + (below.empty() ? "" : "\n" + below);
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
