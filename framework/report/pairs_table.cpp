// SPDX-License-Identifier: Apache-2.0
#include "report/pairs_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "comparison/judged.hpp"
#include "report/cells.hpp"
#include "report/subject.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

std::string compared_metric(const json& summary) {
  return is_in_trials(summary) ? "trials_to_criterion" : judged_metric(summary);
}

std::string title_of(const json& summary) {
  if (is_in_trials(summary)) return "trials to criterion";
  const Subject subject = subject_of(summary);
  return subject.noun() + (subject.is_accuracy ? ", points" : "");
}

std::string notes(const json& summary, const std::vector<const json*>& pairs) {
  const auto has_p = [](const json* pair) { return !pair->at("p_adjusted").is_null(); };
  const auto is_judged = [](const json* pair) {
    return pair->contains("equivalent") && !pair->at("equivalent").is_null();
  };
  std::string text;
  if (std::ranges::any_of(pairs, is_judged)) {
    text += fmt::format("equivalent: within {:g} points, by two one-sided tests at 5 %\n",
                        100 * summary.at("margin").get<double>());
  }
  if (std::ranges::none_of(pairs, has_p)) {
    const auto needed = pairs.front()->value("seeds_needed", std::size_t{0});
    return text + (needed == 0
                       ? "p: too few seeds for a test\n"
                       : fmt::format("p: too few seeds for {}; {} or more are needed\n",
                                     pairs.size() == 1 ? std::string("a test")
                                                       : fmt::format("{} tests", pairs.size()),
                                     needed));
  }
  return text + (is_in_trials(summary)
                     ? "p: sign-flip test of paired times to the criterion, censored ones ranked "
                       "after Prentice, adjusted after Holm\n"
                     : "p: sign-flip test of paired differences, adjusted after Holm\n");
}

}  // namespace

std::string pairs_table(const json& summary) {
  const std::string metric = compared_metric(summary);
  const Scale scale = is_in_trials(summary) ? Scale{1, 0} : scale_of(metric);
  const auto reference = summary.at("reference").get<std::string>();
  std::vector<Row> rows = {{"beside " + reference, title_of(summary), "p", "pairs ahead",
                            is_in_trials(summary) ? "log-rank p" : "runs ahead", "verdict"}};
  std::vector<const json*> pairs;
  for (const json& rule : summary.at("rules")) {
    const json* pair = find(rule, "versus_reference", metric);
    if (pair == nullptr) continue;
    pairs.push_back(pair);
    rows.push_back({rule.at("rule").get<std::string>(), estimate(pair, scale, true), p_value(pair),
                    share(pair, "ahead"),
                    is_in_trials(summary) ? log_rank_p(pair) : share(pair, "improvement"),
                    verdict_of(pair)});
  }
  return pairs.empty() ? "" : fmt::format("\n{}\n{}", aligned(rows), notes(summary, pairs));
}

}  // namespace deltaw
