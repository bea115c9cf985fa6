// SPDX-License-Identifier: Apache-2.0
// Ranking rules by their median on unseen data, and testing the first against the others.
#include "report/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "comparison/measure.hpp"
#include "comparison/statistics.hpp"
#include "core/error.hpp"
#include "report/protocol_rows.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr double significance = 0.05;

struct Contender {
  const json* rule;
  std::string name;
  double median;
};

// Paired differences of the best rule and one other, signed so that positive favours the best.
struct Duel {
  std::vector<double> differences;
  std::optional<double> p = {};  // Holm-adjusted

  // Medians of rules rank them, but pairs decide: both their mean, which p is about, and their
  // median must favour the best.
  [[nodiscard]] bool favours_best() const {
    return std::accumulate(differences.begin(), differences.end(), 0.0) > 0 &&
           median(differences) > 0;
  }
};

// What the sentences are about: the metric and how it is spoken of.
struct Subject {
  std::string metric;
  bool is_accuracy;
  bool is_in_trials = false;
  std::string readout = {};  // that the metric is of; empty: the network itself

  [[nodiscard]] std::string value(double x) const {
    return is_accuracy ? fmt::format("{:.1f} %", 100 * x) : fmt::format("{:.4g}", x);
  }
  [[nodiscard]] std::string difference(double x) const {
    return is_accuracy ? fmt::format("{:.1f} points", 100 * x) : fmt::format("{:.4g}", x);
  }
  [[nodiscard]] std::string range(double low, double high) const {
    return is_accuracy ? fmt::format("{:.1f} to {:.1f}", 100 * low, 100 * high)
                       : fmt::format("{:.4g} to {:.4g}", low, high);
  }
  [[nodiscard]] std::string noun() const {
    if (is_in_trials) return "mean error in test trials";
    const bool is_test =
        metric.substr(readout.empty() ? 0 : readout.size() + 1).starts_with("test");
    const std::string of = readout.empty() ? "" : fmt::format(" of the readout '{}'", readout);
    return fmt::format("{}{} on {} data", is_accuracy ? "accuracy" : "loss", of,
                       is_test ? "test" : "training");
  }
};

bool is_in_trials(const json& summary) {
  return summary.value("criterion", json::object()).contains("share");
}

std::optional<double> median_of(const json& rule, const std::string& metric) {
  const auto found = rule.at("metrics").find(metric);
  if (found == rule.at("metrics").end() || found->at("median").is_null()) return std::nullopt;
  return found->at("median").get<double>();
}

std::vector<Contender> ranked(const json& summary, const std::string& metric) {
  std::vector<Contender> all;
  for (const json& rule : summary.at("rules")) {
    if (const auto median = median_of(rule, metric)) {
      all.push_back({&rule, rule.at("rule").get<std::string>(), *median});
    }
  }
  const double sign = is_lower_better(metric) ? 1 : -1;
  std::stable_sort(all.begin(), all.end(), [&](const Contender& a, const Contender& b) {
    return sign * a.median < sign * b.median;
  });
  return all;
}

std::map<std::uint64_t, double> by_seed(const std::vector<RunRecord>& records,
                                        const std::string& rule, const std::string& metric) {
  std::map<std::uint64_t, double> values;
  for (const RunRecord& record : records) {
    const auto found = record.metrics.find(metric);
    if (record.rule == rule && record.status == "finished" && found != record.metrics.end() &&
        found->second) {
      values[record.seed] = *found->second;
    }
  }
  return values;
}

std::vector<Duel> duels(const std::vector<Contender>& all, const std::vector<RunRecord>& records,
                        const std::string& metric) {
  const auto best = by_seed(records, all.front().name, metric);
  const double sign = is_lower_better(metric) ? -1 : 1;
  std::vector<Duel> duels;
  std::vector<double> p_values;
  for (std::size_t i = 1; i < all.size(); ++i) {
    Duel duel;
    for (const auto& [seed, value] : by_seed(records, all[i].name, metric)) {
      const auto own = best.find(seed);
      if (own != best.end()) duel.differences.push_back(sign * (own->second - value));
    }
    duel.p = sign_flip_p(duel.differences);
    if (duel.p) p_values.push_back(*duel.p);
    duels.push_back(std::move(duel));
  }
  const std::vector<double> adjusted = holm(p_values);
  auto next = adjusted.begin();
  for (Duel& duel : duels) {
    if (duel.p) duel.p = *next++;
  }
  return duels;
}

// A rule of which runs failed is the best only of what is left.
std::string where_finished(const json& rule) {
  const auto runs = rule.at("runs").get<std::size_t>();
  const auto failed = rule.at("failed").get<std::size_t>();
  if (failed == 0) return {};
  return fmt::format(" in the {} of {} runs that did not fail", runs, runs + failed);
}

// The rules whose medians are shown in the figures of the best one's.
std::vector<std::string> equal_to_best(const Subject& subject, const std::vector<Contender>& all) {
  std::vector<std::string> names;
  for (const Contender& contender : all) {
    if (subject.value(contender.median) != subject.value(all.front().median)) break;
    names.push_back(contender.name);
  }
  return names;
}

// "a, b and c".
std::string listed(const std::vector<std::string>& names) {
  const auto last = names.end() - 1;
  return fmt::format("{} and {}", fmt::join(names.begin(), last, ", "), *last);
}

std::string claim(const Subject& subject, const std::vector<Contender>& all,
                  const std::vector<Duel>& duels) {
  const Contender& best = all.front();
  if (all.size() == 1) {
    return fmt::format("{} reaches {} {}.", best.name, subject.value(best.median), subject.noun());
  }
  const Contender& second = all[1];
  const Duel& duel = duels.front();
  const std::string both = fmt::format("{} ({}) and {} ({})", best.name, subject.value(best.median),
                                       second.name, subject.value(second.median));
  if (duel.p && *duel.p >= significance) {
    return fmt::format("No clear winner: {} do not differ beyond chance in {}.", both,
                       subject.noun());
  }
  if (const std::vector<std::string> equals = equal_to_best(subject, all); equals.size() > 1) {
    return fmt::format("No difference to tell: {} {} reach {} {}.", listed(equals),
                       equals.size() == 2 ? "both" : "all", subject.value(best.median),
                       subject.noun());
  }
  if (!duel.p) {
    return fmt::format(
        "{} comes out ahead of {}, but on too few seeds to be sure: {} against {} {}.", best.name,
        second.name, subject.value(best.median), subject.value(second.median), subject.noun());
  }
  if (!duel.favours_best()) {
    return fmt::format(
        "No clear winner: {} rank otherwise seed by seed than by their medians in {}.", both,
        subject.noun());
  }
  return fmt::format("{} learns best{}: {} {}, ahead of {} with {}.", best.name,
                     where_finished(*best.rule), subject.value(best.median), subject.noun(),
                     second.name, subject.value(second.median));
}

std::string certainty(const Subject& subject, const std::vector<Contender>& all,
                      const std::vector<Duel>& duels) {
  const Duel& duel = duels.front();
  const std::size_t n = duel.differences.size();
  if (n == 0) return fmt::format("No seed finished with both {} and {}.", all[0].name, all[1].name);
  const Estimate estimate = estimate_median(duel.differences);
  const auto ahead = std::count_if(duel.differences.begin(), duel.differences.end(),
                                   [](double d) { return d > 0; });
  std::string text =
      fmt::format("{} is ahead of {} in {} of {} paired seeds, by {} at the median", all[0].name,
                  all[1].name, ahead, n, subject.difference(estimate.median));
  if (n > 1) {
    text += fmt::format(" ({} {})", n < least_pairs ? "range" : "95 % interval",
                        subject.range(estimate.low, estimate.high));
  }
  if (!duel.p) {
    return text + fmt::format("; a test needs {} seeds or more.", least_pairs);
  }
  const std::string p = *duel.p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", *duel.p);
  const std::string adjusted =
      duels.size() > 1 ? fmt::format(", adjusted for {} comparisons", duels.size()) : "";
  return text + fmt::format("; {} by a sign-flip test{}.", p, adjusted);
}

std::string price(const json& summary, const Contender& best) {
  const auto seconds = median_of(*best.rule, "seconds"), updates = median_of(*best.rule, "updates");
  if (!seconds || !updates) return {};
  std::string text =
      fmt::format("One run of {} takes {:.3g} s and {:.0f} updates", best.name, *seconds, *updates);
  const std::string unit = is_in_trials(summary) ? "trial" : "epoch";
  const std::vector<Contender> quick = ranked(summary, unit + "s_to_criterion");
  const auto own = median_of(*best.rule, unit + "s_to_criterion");
  if (quick.empty()) {
    const auto is_watched = [&](const json& rule) {
      return rule.at("metrics").contains(unit + "s_to_criterion");
    };
    const bool has_criterion = std::ranges::any_of(summary.at("rules"), is_watched);
    return text + (has_criterion ? "; no rule met the criterion in most runs." : ".");
  }
  std::string epochs = quick.front().median == 1 ? unit : unit + "s";
  if (is_in_trials(summary)) {
    const json& times = quick.front().rule->at("metrics").at("trials_to_criterion");
    epochs += fmt::format(", in {} of {} runs", times.at("reached").get<std::size_t>(),
                          times.at("runs").get<std::size_t>());
  }
  if (own && *own == quick.front().median) {
    text += quick.size() == 1 || quick[1].median == *own
                ? fmt::format("; it meets the criterion after {:g} {}", *own, epochs)
                : fmt::format("; it also meets the criterion first, after {:g} {}", *own, epochs);
  } else {
    text += fmt::format("; {} meets the criterion first, after {:g} {}", quick.front().name,
                        quick.front().median, epochs);
    if (own) text += fmt::format(" ({} after {:g})", best.name, *own);
  }
  return text + ".";
}

std::size_t locality_rank(const json& rule) {
  constexpr std::array names = {"synapse", "modulator", "neuron", "layer", "network"};
  const auto locality = rule.at("locality").get<std::string>();
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), locality) - names.begin());
}

std::string sight_of(const json& rule) {
  constexpr std::array words = {"only what its own synapse sees",
                                "what its synapse sees and one broadcast number",
                                "what its own neuron sees", "the activity of a whole layer",
                                "signals from the whole network"};
  const std::size_t rank = locality_rank(rule);
  const auto supervision = rule.at("supervision").get<std::string>();
  return fmt::format("{} {}",
                     rank < words.size() ? words[rank] : rule.at("locality").get<std::string>(),
                     supervision == "none" ? "and no supervision"
                                           : fmt::format("and {} as supervision", supervision));
}

std::string information(const Subject& subject, const std::vector<Contender>& all) {
  const Contender& best = all.front();
  std::string text = fmt::format("{} uses {}.", best.name, sight_of(*best.rule));
  for (const Contender& other : all) {
    if (locality_rank(*other.rule) >= locality_rank(*best.rule)) continue;
    return text + fmt::format(" The best rule that needs less, {}, uses {}: {}.", other.name,
                              sight_of(*other.rule), subject.value(other.median));
  }
  return text;
}

std::size_t never_started(const json& summary, const json& rule) {
  std::size_t started = 0;
  for (const char* status : {"runs", "failed", "interrupted"}) {
    started += rule.at(status).get<std::size_t>();
  }
  return summary.at("seeds").size() - started;
}

std::vector<std::string> failures(const json& summary) {
  std::vector<std::string> sentences;
  for (const json& rule : summary.at("rules")) {
    for (const char* status : {"failed", "interrupted"}) {
      const auto runs = rule.at(status).get<std::size_t>();
      if (runs == 0) continue;
      sentences.push_back(
          fmt::format("{} {} of {} {} and {} not counted.", runs, runs == 1 ? "run" : "runs",
                      rule.at("rule").get<std::string>(), status, runs == 1 ? "is" : "are"));
    }
    if (const std::size_t runs = never_started(summary, rule); runs > 0) {
      sentences.push_back(fmt::format("{} {} of {} never started.", runs,
                                      runs == 1 ? "run" : "runs",
                                      rule.at("rule").get<std::string>()));
    }
  }
  return sentences;
}

Subject subject_of(const json& summary) {
  if (is_in_trials(summary)) return {"test_loss", false, true};
  if (summary.contains("readouts")) {
    const auto readout = summary["readouts"].at(0).get<std::string>();
    for (const char* part : {"test", "train"}) {
      const std::string metric = fmt::format("{}_{}_accuracy", readout, part);
      if (!ranked(summary, metric).empty()) return {metric, true, false, readout};
    }
  }
  for (const char* metric : {"test_accuracy", "train_accuracy", "test_loss", "train_loss"}) {
    if (!ranked(summary, metric).empty()) return {metric, !is_lower_better(metric)};
  }
  return {"test_accuracy", true};
}

bool has_finished_runs(const json& summary) {
  return std::ranges::any_of(summary.at("rules"),
                             [](const json& rule) { return rule.at("runs") > 0; });
}

}  // namespace

Headline headline(const json& summary, const std::vector<RunRecord>& records) {
  try {
    if (summary.contains("protocol")) {
      Headline result = protocol_headline(summary);
      std::ranges::move(failures(summary), std::back_inserter(result.facts));
      return result;
    }
    Headline result;
    const Subject subject = subject_of(summary);
    const std::vector<Contender> all = ranked(summary, subject.metric);
    if (all.empty()) {
      result.claim = has_finished_runs(summary)
                         ? "No rule is judged: nothing of the trained networks was measured."
                         : "No run finished.";
    } else {
      const std::vector<Duel> tested = duels(all, records, subject.metric);
      result.claim = claim(subject, all, tested);
      if (all.size() > 1) result.facts.push_back(certainty(subject, all, tested));
      if (const std::string cost = price(summary, all.front()); !cost.empty()) {
        result.facts.push_back(cost);
      }
      result.facts.push_back(information(subject, all));
    }
    for (std::string& sentence : failures(summary)) result.facts.push_back(std::move(sentence));
    return result;
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
