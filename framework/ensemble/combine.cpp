// SPDX-License-Identifier: Apache-2.0
#include "ensemble/combine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "statistics/logistic.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_folds = 5;
constexpr int k_least_power = -12, k_most_power = 0;  // of the root of 10

using Labels = std::vector<std::uint32_t>;

arma::mat side_by_side(const Members& members, arma::mat Member::*part) {
  arma::mat all;
  for (const Member* member : members) all = arma::join_cols(all, member->*part);
  return all;
}

// The fold of each sample, so that all have as much of each class.
arma::uvec folds_of(const Labels& labels, std::size_t classes) {
  std::vector<std::size_t> seen(classes);
  arma::uvec folds(labels.size());
  for (std::size_t k = 0; k < labels.size(); ++k) folds[k] = seen[labels[k]]++ % k_folds;
  return folds;
}

Labels labels_at(const Labels& labels, const arma::uvec& places) {
  Labels chosen;
  for (const arma::uword place : places) chosen.push_back(labels[place]);
  return chosen;
}

double log_loss(const arma::mat& p, const Labels& labels) {
  double sum = 0;
  for (std::size_t k = 0; k < labels.size(); ++k)
    sum -= std::log(std::max(p(labels[k], k), 1e-300));
  return sum;
}

double penalty_of(int power) { return std::pow(10, power / 2.0); }

// By power from the largest: the log-loss of each on the samples left out, summed over folds.
std::vector<double> losses(const arma::mat& features, const Labels& labels, std::size_t classes) {
  const arma::uvec folds = folds_of(labels, classes);
  std::vector<double> sums(k_most_power - k_least_power + 1);
  for (std::size_t fold = 0; fold < k_folds; ++fold) {
    const arma::uvec kept = arma::find(folds != fold), left_out = arma::find(folds == fold);
    if (left_out.is_empty() || kept.is_empty()) continue;
    const arma::mat known = features.cols(kept), asked = features.cols(left_out);
    const Labels known_labels = labels_at(labels, kept), asked_labels = labels_at(labels, left_out);
    Logistic model;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      model = fit_logistic(known, known_labels, classes,
                           penalty_of(k_most_power - static_cast<int>(i)), model);
      sums[i] += log_loss(probabilities(model, asked), asked_labels);
    }
  }
  return sums;
}

}  // namespace

void require_same_test(const Members& members) {
  const Member& first = *members.front();
  for (const Member* member : members) {
    if (member->samples->hashes != first.samples->hashes) {
      throw Error(Code::E607, fmt::format("{} and {} learnt other data", first.name, member->name),
                  {.expected = "runs over the same files",
                   .found = fmt::format("SHA-256 {} and {}", fmt::join(first.samples->hashes, ", "),
                                        fmt::join(member->samples->hashes, ", "))});
    }
    if (member->samples->test == first.samples->test) continue;
    throw Error(
        Code::E607,
        fmt::format("{} and {} are judged by other test samples", first.name, member->name),
        {.expected = "one test part, which no member learnt from",
         .hint = "members of one seed; or \"split\": {\"seed\": 1} in the task, before they "
                 "are trained, so that all seeds share its split"});
  }
}

std::optional<Error> missing_validation(const Members& members) {
  const Member& first = *members.front();
  for (const Member* member : members) {
    if (member->samples->validation.places.empty()) {
      return Error(Code::E609, fmt::format("{} has no validation data to stack by", member->name),
                   {.hint = "\"split\": {\"validation\": 0.1} in the task, before members are "
                            "trained; or --combine average"});
    }
    if (member->samples->validation == first.samples->validation) continue;
    return Error(Code::E609,
                 fmt::format("{} and {} were validated by other samples", first.name, member->name),
                 {.expected = "validation data that no member learnt from",
                  .hint = "members of one seed; \"split\": {\"seed\": 1} in the task, before they "
                          "are trained, so that all seeds share its split; or --combine average"});
  }
  return {};
}

arma::mat average(const Members& members) {
  arma::mat sum = members.front()->test;
  for (std::size_t m = 1; m < members.size(); ++m) sum += members[m]->test;
  return sum / static_cast<double>(members.size());
}

Stacked stack(const Members& members) {
  const Samples& samples = *members.front()->samples;
  const Labels& labels = samples.validation.labels;
  const arma::mat features = side_by_side(members, &Member::validation);
  const std::vector<double> found = losses(features, labels, samples.classes);
  const auto best = std::ranges::min_element(found);
  const double penalty = penalty_of(k_most_power - static_cast<int>(best - found.begin()));
  const Logistic model = fit_logistic(features, labels, samples.classes, penalty);
  const std::string at_edge = best == found.begin() ? "high" : best + 1 == found.end() ? "low" : "";
  return {probabilities(model, side_by_side(members, &Member::test)), penalty, at_edge};
}

}  // namespace deltaw
