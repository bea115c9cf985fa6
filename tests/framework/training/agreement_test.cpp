// SPDX-License-Identifier: Apache-2.0
// Cosines, bias and variance, worked out by hand in two dimensions.
#include "training/agreement.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

using namespace deltaw;

namespace {

using Pair = std::vector<double>;

// The rows of one snapshot: updates, each with the draws of one connection and its reference.
std::vector<AlignmentRow> rows_of(const std::vector<std::pair<std::vector<Pair>, Pair>>& updates,
                                  bool explores) {
  const std::size_t draws = updates.front().first.size();
  Agreement<double> agreement("rule", {{"a>b", 2}}, draws, explores);
  Pair total = {0, 0};
  for (const auto& [own, reference] : updates) {
    for (const Pair& draw : own) agreement.add(0, draw.data(), reference.data());
    agreement.end_update(0, reference.data());
    for (std::size_t i = 0; i < 2; ++i) total[i] += reference[i];
  }
  std::vector<AlignmentRow> rows;
  agreement.end_snapshot(1.5, updates.size(), {total.data()}, rows);
  return rows;
}

}  // namespace

TEST_CASE("one update: angle, lengths and signs, alike for the whole and its only connection") {
  const auto rows = rows_of({{{{2, 2}}, {3, 0}}}, false);
  REQUIRE(rows.size() == 2);
  for (const AlignmentRow& row : rows) {
    CHECK(row.epoch == 1.5);
    CHECK(row.rule == "rule");
    CHECK(row.updates == 1);
    CHECK(row.draws == 1);
    CHECK(*row.cosine == doctest::Approx(std::sqrt(0.5)));
    CHECK(row.mean_cosine == row.cosine);
    CHECK(row.limit_cosine == row.cosine);
    CHECK(row.sum_cosine == row.cosine);
    CHECK(*row.norm_ratio == doctest::Approx(std::sqrt(8.0) / 3));
    CHECK(*row.sign_agreement == 1);  // of one entry: the other is 0
    CHECK(!row.signal_to_noise);
  }
  CHECK(rows[0].connection.empty());
  CHECK(rows[1].connection == "a>b");
  CHECK(*rows_of({{{{-2, -2}}, {3, 0}}}, false)[0].cosine == doctest::Approx(-std::sqrt(0.5)));
  CHECK(!rows_of({{{{0, 0}}, {3, 0}}}, false)[0].cosine);
}

TEST_CASE("sums over updates can align where single updates do not") {
  const auto row = rows_of({{{{1, 1}}, {1, 0}}, {{{1, -1}}, {1, 0}}}, false)[0];
  CHECK(*row.cosine == doctest::Approx(std::sqrt(0.5)));
  CHECK(*row.sum_cosine == 1);
}

TEST_CASE("what many draws leave is bias, what one adds is variance") {
  // Draws (1, +-2): the mean (1, 0) has |mean|^2 = 1 and the mean of |d|^2 is 5, so that without
  // bias |mu|^2 = (2 x 1 - 5) / 1 < 0; three draws with less spread leave something.
  const auto none = rows_of({{{{1, 2}, {1, -2}}, {1, 0}}}, true)[0];
  CHECK(*none.mean_cosine == 1);
  CHECK(!none.limit_cosine);
  CHECK(*none.signal_to_noise == 0);
  // Draws (2, 1), (2, -1), (2, 0) beside (1, 1): mean (2, 0), |mean|^2 = 4, mean |d|^2 = 14 / 3;
  // |mu|^2 = (3 x 4 - 14 / 3) / 2 = 11 / 3, noise = (14 / 3 - 4) 3 / 2 = 1.
  const auto some = rows_of({{{{2, 1}, {2, -1}, {2, 0}}, {1, 1}}}, true)[0];
  CHECK(*some.mean_cosine == doctest::Approx(std::sqrt(0.5)));
  CHECK(*some.limit_cosine == doctest::Approx(2 / std::sqrt(11.0 / 3 * 2)));
  CHECK(*some.signal_to_noise == doctest::Approx(11.0 / 3));
  CHECK(*some.cosine == doctest::Approx(6 / std::sqrt(14.0 * 6)));
  // One draw of a rule that explores says nothing of bias.
  CHECK(!rows_of({{{{2, 1}}, {1, 1}}}, true)[0].limit_cosine);
}
