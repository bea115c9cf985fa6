// SPDX-License-Identifier: Apache-2.0
// Each class (or, not stratified, everything as one group) is shuffled and cut into the parts.
#include "task/choose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

using Group = std::vector<std::size_t>;  // samples of one class, or all samples

constexpr double k_rounding = 1e-9;  // of shares such as 0.7 + 0.2 + 0.1

void check_shares(const SplitSpec& spec) {
  for (const double share : {spec.train, spec.validation, spec.test}) {
    if (!(share >= 0)) {
      throw Error(
          Code::E404, "a share of the split is negative",
          {.expected = "train, validation and test in 0 .. 1", .found = fmt::format("{}", share)});
    }
  }
  const double sum = spec.train + spec.validation + spec.test;
  if (!(sum <= 1 + k_rounding)) {
    throw Error(Code::E404, "the split's shares add up to more than 1",
                {.expected = "train + validation + test <= 1",
                 .found = fmt::format("{} + {} + {} = {:.6g}", spec.train, spec.validation,
                                      spec.test, sum)});
  }
  if (spec.train == 0) throw Error(Code::E404, "the training part is empty", {.hint = "train=0.7"});
}

// Samples first .. last - 1, by class when stratified; each group shuffled.
std::vector<Group> shuffled_groups(const Dataset& data, bool stratified, std::size_t first,
                                   std::size_t last, Random& random) {
  std::vector<Group> groups(stratified ? data.classes : 1);
  for (std::size_t k = first; k < last; ++k) groups[stratified ? data.labels[k] : 0].push_back(k);
  for (Group& group : groups) {
    Group shuffled;
    shuffled.reserve(group.size());
    for (const std::size_t k : random.permutation(group.size())) shuffled.push_back(group[k]);
    group = std::move(shuffled);
  }
  return groups;
}

Error too_few(std::size_t group, std::size_t samples, bool stratified, const char* part) {
  const std::string which =
      stratified ? fmt::format("class {} has too few samples for the {} part", group, part)
                 : fmt::format("there are too few samples for the {} part", part);
  return Error(
      Code::E404, which,
      {.expected = "at least one in each part that the split asks for",
       .found = fmt::format("{} to divide", samples),
       .hint = stratified ? "larger shares, larger limits, or stratified=false" : "larger shares"});
}

// The groups' parts by share; what the shares leave over is in the last part.
std::vector<std::vector<Group>> cut(const std::vector<Group>& groups,
                                    const std::vector<double>& shares, bool stratified) {
  constexpr const char* names[] = {"training", "validation", "test"};
  std::vector<std::vector<Group>> parts(shares.size(), std::vector<Group>(groups.size()));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].empty()) continue;
    const std::vector<std::size_t> counts = apportion(groups[g].size(), shares);
    auto from = groups[g].begin();
    for (std::size_t p = 0; p < shares.size(); ++p) {
      if (p < 3 && shares[p] > 0 && counts[p] == 0) {
        throw too_few(g, groups[g].size(), stratified, names[p]);
      }
      const auto to = from + static_cast<std::ptrdiff_t>(counts[p]);
      parts[p][g].assign(from, to);
      from = to;
    }
  }
  return parts;
}

// At most `limit` samples (0: all) of the groups in proportion, as ascending indices.
Group collect(const std::vector<Group>& groups, std::size_t limit, bool stratified,
              const char* part) {
  std::vector<double> sizes;
  for (const Group& group : groups) sizes.push_back(static_cast<double>(group.size()));
  const double all = std::accumulate(sizes.begin(), sizes.end(), 0.0);
  Group chosen;
  if (all == 0) return chosen;
  const bool is_limited = limit != 0 && static_cast<double>(limit) < all;
  const auto counts = apportion(is_limited ? limit : static_cast<std::size_t>(all), sizes);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (counts[g] == 0 && !groups[g].empty()) throw too_few(g, limit, stratified, part);
    chosen.insert(chosen.end(), groups[g].begin(),
                  groups[g].begin() + static_cast<std::ptrdiff_t>(counts[g]));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace

std::vector<std::size_t> apportion(std::size_t total, const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::size_t> counts, by_remainder;
  std::vector<long> remainders;  // in units of k_rounding, so that equal shares tie
  std::size_t given = 0;
  for (std::size_t p = 0; p < weights.size(); ++p) {
    const double quota = static_cast<double>(total) * weights[p] / sum;
    const double whole = std::floor(quota + k_rounding);
    counts.push_back(static_cast<std::size_t>(whole));
    remainders.push_back(std::lround((quota - whole) / k_rounding));
    given += counts.back();
    if (weights[p] > 0) by_remainder.push_back(p);
  }
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [&remainders](auto a, auto b) { return remainders[a] > remainders[b]; });
  for (std::size_t k = 0; given < total; ++k, ++given) ++counts[by_remainder[k]];
  return counts;
}

Choice choose(const Dataset& data, const SplitSpec& asked, std::uint64_t seed) {
  SplitSpec spec = asked;
  if (data.own_test != 0) spec.test = 0;
  check_shares(spec);
  Random random(spec.seed.value_or(seed), "split");
  const std::size_t drawn = data.size() - data.own_test;
  const auto groups = shuffled_groups(data, spec.stratified, 0, drawn, random);
  std::vector<double> shares = {spec.train, spec.validation, spec.test, 0};
  if (data.own_test == 0) {
    const double left = 1 - spec.train - spec.validation - spec.test;
    shares[3] = left > k_rounding ? left : 0;
  }
  auto parts = cut(groups, shares, spec.stratified);
  if (data.own_test != 0) {
    parts[2] = shuffled_groups(data, spec.stratified, drawn, data.size(), random);
  }
  return {.train = collect(parts[0], spec.limit_train, spec.stratified, "training"),
          .validation = collect(parts[1], 0, spec.stratified, "validation"),
          .test = collect(parts[2], spec.limit_test, spec.stratified, "test")};
}

}  // namespace deltaw
