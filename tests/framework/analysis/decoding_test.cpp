// SPDX-License-Identifier: Apache-2.0
#include "analysis/decoding.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "error_of.hpp"
#include "planted.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

// A fixed direction over units for each `code`, of variance 1.
double direction(std::uint64_t code, std::size_t unit) {
  return Random(code, "direction", unit).normal();
}

// The first stimulus in one code over steps 20 .. 49 and, with its sign turned, 50 .. 79.
double turned(std::uint32_t kind, std::size_t unit, std::size_t step) {
  if (step < 20 || step >= 80) return 0;
  return sign_of(first_stimulus, kind) * direction(1, unit) * (step < 50 ? 1 : -1);
}

// Pearson's correlation, spelt out.
double correlation(const arma::vec& x, const arma::vec& y) {
  const arma::vec a = x - arma::mean(x), b = y - arma::mean(y);
  return arma::dot(a, b) / std::sqrt(arma::dot(a, a) * arma::dot(b, b));
}

}  // namespace

TEST_CASE(
    "a planted code is read where it is, at chance before and after, and backwards if turned") {
  const Recording recording = planted(20, 50, 100, 0.2, turned);
  const Decoding found = decode(recording, first_stimulus, {.stride = 10, .splits = 20});
  REQUIRE(found.accuracy.n_rows == 10);
  CHECK(found.steps[9] == 90);
  for (const std::size_t train : {2u, 3u, 4u}) {
    for (const std::size_t test : {2u, 3u, 4u}) CHECK(found.accuracy(train, test) == 1);
    for (const std::size_t test : {5u, 6u, 7u}) CHECK(found.accuracy(train, test) == 0);
    for (const std::size_t test : {0u, 1u, 8u, 9u}) {
      CHECK(found.accuracy(train, test) == Approx(0.5).epsilon(0.2));
    }
  }
  CHECK(found.accuracy(0, 0) == Approx(0.5).epsilon(0.2));
  const Decoding other = decode(recording, second_stimulus, {.stride = 10, .splits = 20});
  CHECK(arma::abs(other.accuracy - 0.5).max() < 0.2);
}

TEST_CASE("rows are the time of the template, columns the time of the test") {
  // Both times hold the code; at the later one the baseline of every trial is far along the
  // direction of level 1, so a template of early times takes all late trials for level 1.
  const Recording recording = planted(10, 60, 2, 0.1, [](auto kind, auto unit, auto step) {
    const double own = sign_of(first_stimulus, kind) * direction(1, unit);
    return step == 0 ? own : 0.5 * own + 3 * direction(1, unit) + 3 * direction(2, unit);
  });
  const Decoding found = decode(recording, first_stimulus, {.stride = 1, .splits = 10});
  CHECK(found.accuracy(0, 0) == 1);
  CHECK(found.accuracy(0, 1) == 0.5);
  CHECK(found.accuracy(1, 1) == 1);
  CHECK(found.accuracy(1, 0) == 1);
}

TEST_CASE("the nearest template is that of the largest correlation over units") {
  // Of two trials of each kind one trains and one tests: a split is one of 16, each spelt out.
  const Recording recording = planted(2, 5, 3, 1, turned);
  const Levels label = {0, 1, 2, 2};
  const Decoding found = decode(recording, label, {.stride = 1, .splits = 1});
  bool is_found = false;
  for (unsigned choice = 0; choice < 16; ++choice) {
    const auto trial = [&](std::uint32_t kind, bool trains) {
      return kind + 4 * (((choice >> kind) & 1u) == (trains ? 1u : 0u));
    };
    arma::mat accuracy(3, 3, arma::fill::zeros);
    for (std::size_t train = 0; train < 3; ++train) {
      arma::mat templates(5, 3, arma::fill::zeros);
      for (std::uint32_t kind = 0; kind < 4; ++kind) {
        templates.col(label[kind]) +=
            arma::conv_to<arma::vec>::from(recording.activity[trial(kind, true)].col(train)) /
            (kind < 2 ? 1 : 2);
      }
      for (std::size_t test = 0; test < 3; ++test) {
        for (std::uint32_t kind = 0; kind < 4; ++kind) {
          const arma::vec x =
              arma::conv_to<arma::vec>::from(recording.activity[trial(kind, false)].col(test));
          arma::vec scores(3);
          for (arma::uword l = 0; l < 3; ++l) scores[l] = correlation(templates.col(l), x);
          accuracy(train, test) += scores.index_max() == label[kind] ? 0.25 : 0;
        }
      }
    }
    is_found = is_found || arma::approx_equal(accuracy, found.accuracy, "absdiff", 1e-12);
  }
  CHECK(is_found);
}

TEST_CASE("trials without noise before the stimulus are at chance") {
  const Recording recording = planted(4, 30, 30, 0, turned);
  const Decoding found = decode(recording, first_stimulus, {.stride = 10, .splits = 5});
  CHECK(found.accuracy(0, 0) == 0.5);
  CHECK(found.accuracy(2, 0) == 0.5);
  CHECK(found.accuracy(0, 2) == 0.5);
  CHECK(found.accuracy(2, 2) == 1);
}

TEST_CASE("the same recording gives the same bits") {
  const Recording recording = planted(5, 10, 20, 1, turned);
  const Decoding a = decode(recording, response), b = decode(recording, response);
  CHECK(arma::approx_equal(a.accuracy, b.accuracy, "absdiff", 0));
}

TEST_CASE("labels and numbers of trials that cannot be decoded are named") {
  const Recording one = planted(1, 3, 10, 1, turned);
  CHECK(error_of([&] { (void)decode(one, response); }).code() == Code::E405);
  const Recording two = planted(2, 3, 10, 1, turned);
  const Error flat = error_of([&] { (void)decode(two, {0, 0, 0, 0}); });
  CHECK(flat.code() == Code::E403);
  CHECK(flat.detail().found == "levels 0");
  CHECK(error_of([&] { (void)decode(two, {0, 2, 2, 0}); }).detail().found == "levels 0, 2");
}
