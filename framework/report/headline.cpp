// SPDX-License-Identifier: Apache-2.0
// Ranking rules by their median on unseen data, and testing the first against the others.
#include "report/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "comparison/judged.hpp"
#include "comparison/measure.hpp"
#include "comparison/pair.hpp"
#include "core/error.hpp"
#include "report/duel.hpp"
#include "report/forgetting_claim.hpp"
#include "report/protocol_rows.hpp"
#include "report/subject.hpp"
#include "statistics/verdict.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Contender {
  const json* rule;
  std::string name;
  double median;
  std::optional<Duel> duel = {};  // of the best rule with this one
};

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

// All pairs of rules; made from the runs where an earlier version wrote the summary.
json pairs_in(const json& summary, const Subject& subject, const std::vector<RunRecord>& records) {
  if (summary.contains("pairs")) return summary["pairs"];
  std::vector<std::string> names;
  for (const json& rule : summary.at("rules")) names.push_back(rule.at("rule"));
  std::optional<double> margin;
  if (summary.contains("margin")) margin = summary["margin"].get<double>();
  Bootstrap bootstrap;
  return pairs_of(names, records, subject.metric, margin_in(subject.metric, margin), bootstrap);
}

// The first that the best rule is not better than; the second, where it is better than all.
const Contender& rival_of(const std::vector<Contender>& all) {
  const auto is_rival = [](const Contender& other) {
    return other.duel && other.duel->verdict != "better";
  };
  const auto rival = std::find_if(all.begin() + 1, all.end(), is_rival);
  return rival == all.end() ? all[1] : *rival;
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

std::string claim(const json& summary, const Subject& subject, const std::vector<Contender>& all) {
  const Contender& best = all.front();
  if (all.size() == 1) {
    return fmt::format("{} reaches {} {}.", best.name, subject.value(best.median), subject.noun());
  }
  const Contender& rival = rival_of(all);
  const std::optional<Duel>& duel = rival.duel;
  const std::string both = fmt::format("{} ({}) and {} ({})", best.name, subject.value(best.median),
                                       rival.name, subject.value(rival.median));
  if (duel && duel->verdict == "equivalent") {
    return fmt::format("{} are equivalent: {} differs by less than the margin of {}.", both,
                       subject.noun(), subject.difference(summary.at("margin").get<double>()));
  }
  if (duel && duel->p && *duel->p >= significance) {
    return fmt::format("No clear winner: {} do not differ beyond chance in {}.", both,
                       subject.noun());
  }
  if (const std::vector<std::string> equals = equal_to_best(subject, all); equals.size() > 1) {
    return fmt::format("No difference to tell: {} {} reach {} {}.", listed(equals),
                       equals.size() == 2 ? "both" : "all", subject.value(best.median),
                       subject.noun());
  }
  if (!duel || !duel->p) {
    return fmt::format(
        "{} comes out ahead of {}, but on too few seeds to be sure: {} against {} {}.", best.name,
        rival.name, subject.value(best.median), subject.value(rival.median), subject.noun());
  }
  if (duel->verdict == "worse" || duel->ahead.share <= 0.5) {
    return fmt::format(
        "No clear winner: {} rank otherwise seed by seed than by their medians in {}.", both,
        subject.noun());
  }
  if (duel->verdict != "better") {
    return fmt::format("No clear winner: {} differ in {}, but not reliably from seed to seed.",
                       both, subject.noun());
  }
  return fmt::format("{} learns best{}: {} {}, ahead of {} with {}.", best.name,
                     where_finished(*best.rule), subject.value(best.median), subject.noun(),
                     rival.name, subject.value(rival.median));
}

std::string test_of(const Duel& duel, std::size_t pairs) {
  if (!duel.p) {
    return duel.seeds_needed <= least_pairs
               ? fmt::format("a test needs {} seeds or more", least_pairs)
               : fmt::format("a test of {} pairs of rules needs {} seeds or more", pairs,
                             duel.seeds_needed);
  }
  const std::string p = *duel.p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", *duel.p);
  return fmt::format("{} by a sign-flip test{}", p,
                     pairs > 1 ? fmt::format(", adjusted for {} pairs of rules", pairs) : "");
}

std::string certainty(const Subject& subject, const std::vector<Contender>& all,
                      std::size_t pairs) {
  const std::string& best = all.front().name;
  const Contender& rival = rival_of(all);
  if (!rival.duel) return fmt::format("No seed finished with both {} and {}.", best, rival.name);
  const Duel& duel = *rival.duel;
  const auto n = static_cast<double>(duel.ahead.n),
             ahead = std::round(2 * duel.ahead.share * n) / 2;
  std::string text = fmt::format(
      "{} is ahead of {} in {:g} of {} paired seeds{}, by {} at the median", best, rival.name,
      ahead, duel.ahead.n, ahead == std::floor(ahead) ? "" : " (a tie counts half)",
      subject.difference(duel.gain.median));
  if (duel.ahead.n > 1) {
    text += fmt::format(" ({} {})", duel.ahead.n < least_pairs ? "range" : "95 % interval",
                        subject.range(duel.gain.low, duel.gain.high));
  }
  return text + "; " + test_of(duel, pairs) + ".";
}

// Beside all others, where there are more than one.
std::string standing(const std::vector<Contender>& all) {
  if (all.size() < 3) return {};
  const Contender& rival = rival_of(all);
  if (rival.duel && rival.duel->ahead.n < least_pairs) return {};  // too few to say of any
  const auto beaten = std::count_if(all.begin() + 1, all.end(), [](const Contender& other) {
    return other.duel && other.duel->verdict == "better";
  });
  std::string text = fmt::format("{} is better than {} of the {} other rules", all.front().name,
                                 beaten, all.size() - 1);
  if (!rival.duel) return text + ".";
  const Share& chance = rival.duel->improvement;
  return text + fmt::format(
                    "; one run of it does better than one of {} with a chance of {:.2f}"
                    " (95 % interval {:.2f} to {:.2f}), whatever their seeds.",
                    rival.name, chance.share, chance.low, chance.high);
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
  const std::string timing = rule.value("timing", "");
  return fmt::format("{} and {}{}",
                     rank < words.size() ? words[rank] : rule.at("locality").get<std::string>(),
                     supervision == "none" ? "no supervision" : supervision + " as supervision",
                     timing.empty() ? "" : ", and changes weights after each " + timing);
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

bool has_finished_runs(const json& summary) {
  return std::ranges::any_of(summary.at("rules"),
                             [](const json& rule) { return rule.at("runs") > 0; });
}

std::string unjudged(const json& summary) {
  return has_finished_runs(summary)
             ? "No rule is judged: nothing of the trained networks was measured."
             : "No run finished.";
}

Headline contest(const json& summary, const Subject& subject, std::vector<Contender>& all,
                 const std::vector<RunRecord>& records) {
  const json pairs = pairs_in(summary, subject, records);
  const bool is_lower = is_lower_better(subject.metric);
  for (auto other = all.begin() + 1; other != all.end(); ++other) {
    other->duel = duel_of(pairs, all.front().name, other->name, is_lower);
  }
  Headline result{claim(summary, subject, all), {}};
  if (all.size() > 1) result.facts.push_back(certainty(subject, all, pairs.size()));
  if (std::string place = standing(all); !place.empty()) result.facts.push_back(std::move(place));
  if (std::string cost = price(summary, all.front()); !cost.empty()) {
    result.facts.push_back(std::move(cost));
  }
  result.facts.push_back(information(subject, all));
  return result;
}

// What the family that is spoken of needs and takes.
std::string price_of_family(const json& family) {
  std::string text = family.at("family").get<std::string>();
  if (!family.contains("locality") || !family.contains("supervision")) {
    return text + " has arms that differ in what they see.";
  }
  text += " uses " + sight_of(family);
  if (!family.contains("seconds")) return text + ".";
  return text + fmt::format("; one run takes {:.3g} s.", family["seconds"].get<double>());
}

// Arms of one family differ in a number that is swept, so families are spoken of, not arms.
Headline families_headline(const json& summary, const Subject& subject,
                           const std::vector<Contender>& all) {
  const json& matched = summary.at("matched");
  Headline result{forgetting_claim(matched), {}};
  const json* least = family_that_forgets_least(matched);
  for (const json& family : matched.at("families")) {
    if (family.at("family") == matched.at("reference") || &family == least) {
      result.facts.push_back(price_of_family(family));
    }
  }
  if (all.empty()) {
    result.facts.push_back(unjudged(summary));
  } else {
    result.facts.push_back(fmt::format(
        "In the end {} has the best {} of all {} arms, {}; arms are not ranked where they are "
        "swept "
        "to be compared where they learn alike.",
        all.front().name, subject.noun(), all.size(), subject.value(all.front().median)));
  }
  return result;
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
    std::vector<Contender> all = ranked(summary, subject.metric);
    if (summary.contains("matched")) {
      result = families_headline(summary, subject, all);
    } else if (all.empty()) {
      result.claim = unjudged(summary);
    } else {
      result = contest(summary, subject, all, records);
    }
    for (std::string& sentence : failures(summary)) result.facts.push_back(std::move(sentence));
    return result;
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
