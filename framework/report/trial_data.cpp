// SPDX-License-Identifier: Apache-2.0
// Errors binned and their quartiles, alignment beside speed.
#include "report/trial_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/rounded.hpp"
#include "report/analysis_data.hpp"
#include "statistics/median.hpp"
#include "statistics/rank_correlation.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// So many bins at most, or fewer of 20 trials: one trial says little, and kinds differ.
constexpr std::size_t k_bins = 100, k_width = 20, k_least_bins = 10;

// What each run of one rule had at a trial.
using ByTrial = std::map<std::size_t, std::vector<double>>;

std::vector<const RunRecord*> finished_of(const std::vector<RunRecord>& records,
                                          const std::string& rule) {
  std::vector<const RunRecord*> finished;
  for (const RunRecord& record : records) {
    if (record.rule == rule && record.status == "finished") finished.push_back(&record);
  }
  return finished;
}

json quartiles(const std::string& rule, const ByTrial& values) {
  json band = {{"rule", rule}};
  for (const auto& [trial, list] : values) {
    band["trial"].push_back(trial);
    band["runs"].push_back(list.size());
    band["low"].push_back(rounded(quantile(list, 0.25)));
    band["median"].push_back(rounded(median(list)));
    band["high"].push_back(rounded(quantile(list, 0.75)));
  }
  return band;
}

ByTrial errors_of(const ResultFolder& folder, const std::vector<const RunRecord*>& runs) {
  ByTrial values;
  for (const RunRecord* run : runs) {
    const std::optional<NpyMatrix> errors = folder.array(run->rule, run->seed, "errors");
    if (!errors || errors->rows != 1) continue;
    const std::size_t trials = errors->columns;
    const std::size_t width =
        std::max((trials + k_bins - 1) / k_bins,
                 std::min(k_width, std::max<std::size_t>(trials / k_least_bins, 1)));
    for (std::size_t last = width; last <= trials; last += width) {
      double sum = 0;
      for (std::size_t trial = last - width; trial < last; ++trial) sum += errors->at(0, trial);
      values[last].push_back(sum / static_cast<double>(width));
    }
  }
  return values;
}

ByTrial alignments_of(const std::vector<const RunRecord*>& runs) {
  ByTrial values;
  for (const RunRecord* run : runs) {
    for (const EpochRow& row : run->curve) {
      if (row.alignment && std::isfinite(*row.alignment)) {
        values[row.epoch].push_back(*row.alignment);
      }
    }
  }
  return values;
}

// Mean alignment, in millionths, and trials to criterion; infinite ones were not reached.
struct Pairs {
  std::vector<double> alignment, time;
};

json rho_of(const json& rule, const Pairs& pairs) {
  return {{"rule", rule},
          {"rho", rounded(spearman(pairs.alignment, pairs.time))},
          {"runs", pairs.time.size()}};
}

// Enters the runs of one rule.
void add_runs(json& runs, Pairs& pairs, const std::vector<const RunRecord*>& records) {
  for (const RunRecord* run : records) {
    double sum = 0, rows = 0;
    for (const auto& [trial, value] : alignments_of({run})) {
      sum += value.front();
      rows += 1;
    }
    const auto time = run->metrics.find("trials_to_criterion");
    const auto trials = run->metrics.find("trials");
    if (rows == 0 || time == run->metrics.end() || trials == run->metrics.end()) continue;
    const bool is_reached = time->second.has_value();
    runs.push_back({{"rule", run->rule},
                    {"seed", run->seed},
                    {"alignment", rounded(sum / rows)},
                    {"time", rounded(is_reached ? time->second : trials->second)},
                    {"is_reached", is_reached}});
    // A rule compared with itself is off 1 by rounding, which has no rank.
    pairs.alignment.push_back(std::round(1e6 * sum / rows));
    pairs.time.push_back(time->second.value_or(std::numeric_limits<double>::infinity()));
  }
}

json first_analysis(const ResultFolder& folder, const std::vector<const RunRecord*>& runs) {
  for (const RunRecord* run : runs) {
    if (json found = analysis_data(folder, run->rule, run->seed); !found.is_null()) return found;
  }
  return {};
}

}  // namespace

json trial_data(const ResultFolder& folder, const std::vector<std::string>& rules,
                const std::vector<RunRecord>& records) {
  json errors = json::array(), alignment = json::array(), runs = json::array(), rho = json::array(),
       analyses = json::array();
  Pairs all;
  for (const std::string& rule : rules) {
    const std::vector<const RunRecord*> finished = finished_of(records, rule);
    const ByTrial of_trial = errors_of(folder, finished), aligned = alignments_of(finished);
    if (!of_trial.empty()) errors.push_back(quartiles(rule, of_trial));
    if (!aligned.empty()) alignment.push_back(quartiles(rule, aligned));
    Pairs own;
    add_runs(runs, own, finished);
    if (!own.time.empty()) rho.push_back(rho_of(rule, own));
    std::ranges::copy(own.alignment, std::back_inserter(all.alignment));
    std::ranges::copy(own.time, std::back_inserter(all.time));
    if (json found = first_analysis(folder, finished); !found.is_null()) {
      analyses.push_back(std::move(found));
    }
  }
  if (rho.size() > 1) rho.insert(rho.begin(), rho_of(json(), all));
  return {{"errors", std::move(errors)},
          {"alignment", std::move(alignment)},
          {"runs", std::move(runs)},
          {"rho", std::move(rho)},
          {"analyses", std::move(analyses)}};
}

}  // namespace deltaw
