// SPDX-License-Identifier: Apache-2.0
#include "ensemble/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "ensemble/over_seeds.hpp"
#include "statistics/holm.hpp"
#include "statistics/paired_difference.hpp"
#include "statistics/paired_differences.hpp"
#include "statistics/share.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
using Answers = std::vector<double>;  // right or wrong, one a test sample

// An ensemble with one way to combine its members.
struct Combined {
  std::string name, combination;
  const Selection::Ensemble* ensemble;
  Members members;
  Answers right = {};
  arma::mat probabilities;
  json penalty = {};
  std::string at_edge = {};

  [[nodiscard]] const LabelledPart& test() const { return members.front()->samples->test; }
};

Answers answers_of(const Member& member) {
  return right_answers(member.test, member.samples->test.labels);
}

json accuracy_json(const Answers& right) {
  const Share found = wilson(std::accumulate(right.begin(), right.end(), 0.0), right.size());
  return {{"accuracy", found.share}, {"low", found.low}, {"high", found.high}};
}

json difference_json(const Answers& first, const Answers& second) {
  const Difference found = paired_difference(paired_differences(first, second));
  return {{"mean", found.mean}, {"low", found.low}, {"high", found.high}};
}

// The same of right and wrong answers, with the test of McNemar; `first` and `second` name whose
// are counted.
json pair_json(const Answers& a, const Answers& b, const std::string& first,
               const std::string& second) {
  std::size_t only_a = 0, only_b = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    only_a += a[k] > b[k];
    only_b += b[k] > a[k];
  }
  json pair = difference_json(a, b);
  pair["only_" + first] = only_a;
  pair["only_" + second] = only_b;
  pair["p"] = mcnemar_p(only_a, only_b);
  return pair;
}

json optional_json(const std::optional<double>& value) { return value ? json(*value) : json(); }

json member_json(const Member& member) {
  return {{"member", member.name},
          {"results", member.results.string()},
          {"rule", member.arm},
          {"seed", member.seed},
          {"weights", member.weights},
          {"validation", optional_json(validation_accuracy(member))},
          {"test", accuracy_json(answers_of(member))}};
}

// Null where some member has no validation data.
const Member* best_of(const Members& members) {
  const auto has_none = [](const Member* member) { return member->validation.is_empty(); };
  if (std::ranges::any_of(members, has_none)) return nullptr;
  return *std::ranges::max_element(
      members, {}, [](const Member* member) { return *validation_accuracy(*member); });
}

json beside_best(const Combined& combined) {
  const Member* const best = best_of(combined.members);
  if (best == nullptr) return {};
  json pair = pair_json(combined.right, answers_of(*best), "ensemble", "member");
  pair["member"] = best->name;
  return pair;
}

json beside_mean(const Combined& combined) {
  arma::vec sum(combined.right.size(), arma::fill::zeros);
  for (const Member* member : combined.members) sum += arma::vec(answers_of(*member));
  sum /= static_cast<double>(combined.members.size());
  json pair = difference_json(combined.right, Answers(sum.begin(), sum.end()));
  pair["accuracy"] = arma::mean(sum);
  return pair;
}

json ensemble_json(const Combined& combined) {
  json names = json::array();
  for (const Member* member : combined.members) names.push_back(member->name);
  const auto& seed = combined.ensemble->seed;
  return {{"name", combined.name},
          {"group", combined.ensemble->group},
          {"seed", seed ? json(*seed) : json()},
          {"combination", combined.combination},
          {"members", std::move(names)},
          {"test", accuracy_json(combined.right)},
          {"penalty", combined.penalty},
          {"at_edge", combined.at_edge},
          {"beside_best", beside_best(combined)},
          {"beside_mean", beside_mean(combined)}};
}

// Each ensemble asks whether it is better: of many, some are by chance.
void adjust_beside_best(json& ensembles) {
  std::vector<double> p_values;
  for (const json& one : ensembles) {
    if (!one["beside_best"].is_null()) p_values.push_back(one["beside_best"]["p"]);
  }
  std::size_t next = 0;
  const std::vector<double> adjusted = holm(p_values);
  for (json& one : ensembles) {
    if (!one["beside_best"].is_null()) one["beside_best"]["p_adjusted"] = adjusted[next++];
  }
}

bool are_comparable(const Combined& a, const Combined& b) {
  const auto &first = a.ensemble->seed, &second = b.ensemble->seed;
  return a.ensemble->group != b.ensemble->group && a.combination == b.combination &&
         a.members.size() == b.members.size() && (!first || !second || first == second) &&
         a.test() == b.test();
}

json pairs_json(const std::vector<Combined>& all) {
  json pairs = json::array();
  std::vector<double> p_values;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      if (!are_comparable(all[i], all[j])) continue;
      json pair = pair_json(all[i].right, all[j].right, "first", "second");
      const auto &first = *all[i].ensemble, &second = *all[j].ensemble;
      const std::optional<std::uint64_t> seed = first.seed ? first.seed : second.seed;
      pair.update({{"first", all[i].name},
                   {"second", all[j].name},
                   {"first_group", first.group},
                   {"second_group", second.group},
                   {"combination", all[i].combination},
                   {"seed", seed ? json(*seed) : json()}});
      p_values.push_back(pair["p"]);
      pairs.push_back(std::move(pair));
    }
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t k = 0; k < pairs.size(); ++k) pairs[k]["p_adjusted"] = adjusted[k];
  return pairs;
}

std::string name_of(const Selection::Ensemble& ensemble, const std::string& combination) {
  return ensemble.seed ? fmt::format("{}@{}-{}", ensemble.group, *ensemble.seed, combination)
                       : fmt::format("{}-{}", ensemble.group, combination);
}

Combined with_answers(Combined combined) {
  combined.right = right_answers(combined.probabilities, combined.test().labels);
  return combined;
}

std::vector<Combined> combined_of(const Selection& selection, const std::vector<Member>& members,
                                  const Combining& combining, json& notes) {
  std::vector<Combined> all;
  for (const Selection::Ensemble& ensemble : selection.ensembles) {
    Members own;
    for (const std::size_t member : ensemble.members) own.push_back(&members[member]);
    require_same_test(own);
    if (combining.has_average) {
      all.push_back(with_answers({.name = name_of(ensemble, "average"),
                                  .combination = "average",
                                  .ensemble = &ensemble,
                                  .members = own,
                                  .probabilities = average(own)}));
    }
    if (!combining.has_stacking) continue;
    const std::string name = name_of(ensemble, "stacking");
    if (const std::optional<Error> missing = missing_validation(own)) {
      if (combining.needs_stacking) throw *missing;
      notes.push_back(fmt::format("{} is left out: {}; try: {}", name, missing->headline(),
                                  missing->detail().hint));
      continue;
    }
    Stacked stacked = stack(own);
    if (!stacked.at_edge.empty()) {
      notes.push_back(fmt::format("{}: its penalty, {:.3g}, lies at the {} end of those tried",
                                  name, stacked.penalty, stacked.at_edge));
    }
    all.push_back(with_answers({.name = name,
                                .combination = "stacking",
                                .ensemble = &ensemble,
                                .members = own,
                                .probabilities = std::move(stacked.test),
                                .penalty = stacked.penalty,
                                .at_edge = stacked.at_edge}));
  }
  return all;
}

}  // namespace

Found findings(const std::string& name, const Selection& selection,
               const std::vector<Member>& members, const Combining& combining) {
  json notes = json::array(), ensembles = json::array(), shown = json::array();
  std::vector<Combined> all = combined_of(selection, members, combining, notes);
  for (const Member& member : members) shown.push_back(member_json(member));
  for (const Combined& combined : all) ensembles.push_back(ensemble_json(combined));
  adjust_beside_best(ensembles);
  const Samples& samples = *members.front().samples;
  const json pairs = pairs_json(all);
  const json over_ensembles = over_seeds(ensembles, {"group", "combination"},
                                         {{"test", "/test/accuracy"},
                                          {"beside_best", "/beside_best/mean"},
                                          {"beside_mean", "/beside_mean/mean"}});
  const json over_pairs =
      over_seeds(pairs, {"first_group", "second_group", "combination"}, {{"mean", "/mean"}});
  Found found{{{"name", name},
               {"classes", samples.classes},
               {"test", samples.test.labels.size()},
               {"validation", samples.validation.labels.size()},
               {"members", std::move(shown)},
               {"ensembles", std::move(ensembles)},
               {"pairs", pairs},
               {"over_seeds", {{"ensembles", over_ensembles}, {"pairs", over_pairs}}},
               {"notes", std::move(notes)}},
              {}};
  for (Combined& combined : all) {
    found.probabilities.emplace_back(combined.name, std::move(combined.probabilities));
  }
  return found;
}

}  // namespace deltaw
