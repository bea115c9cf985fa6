// SPDX-License-Identifier: Apache-2.0
#include "ensemble/combine.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "framework/ensemble/fake_members.hpp"

using namespace deltaw;
using namespace deltaw::test;
using doctest::Approx;

namespace {

// 60 samples of each part, 20 of each class.
Classes in_turn() {
  Classes labels;
  for (std::uint32_t k = 0; k < 60; ++k) labels.push_back(k % 3);
  return labels;
}

Classes next_of(Classes classes) {
  for (std::uint32_t& c : classes) c = (c + 1) % 3;
  return classes;
}

std::size_t right(const arma::mat& p, const Classes& labels) {
  const arma::vec found = right_answers(p, labels);
  return static_cast<std::size_t>(arma::accu(found));
}

}  // namespace

TEST_CASE("an average is the mean probability, by hand") {
  const auto samples = samples_of({}, {0, 1});
  const Member a = member_of("a", samples, {}, {{0.5, 0.2}, {0.4, 0.1}, {0.1, 0.7}});
  const Member b = member_of("b", samples, {}, {{0.1, 0.1}, {0.8, 0.8}, {0.1, 0.1}});
  const arma::mat expected = {{0.3, 0.15}, {0.6, 0.45}, {0.1, 0.4}};
  CHECK(arma::approx_equal(average({&a, &b}), expected, "absdiff", 1e-15));
  CHECK(right(average({&a, &b}), {0, 1}) == 1);
  CHECK(right(a.test, {0, 1}) == 1);
}

TEST_CASE("of two classes alike the first is the answer") {
  const arma::mat p = {{0.2, 0.4}, {0.4, 0.2}, {0.4, 0.4}};
  CHECK(right_answers(p, Classes{1, 0}) == std::vector<double>{1, 1});
  CHECK(right_answers(p, Classes{2, 2}) == std::vector<double>{0, 0});
}

TEST_CASE("stacking learns from validation data what a member's answers mean") {
  // One member always says the next class; the other is right in a third of the samples.
  const Classes labels = in_turn(), constant(60, 0);
  const auto samples = samples_of(labels, labels);
  const Member wrong =
      member_of("wrong", samples, answers(next_of(labels)), answers(next_of(labels)));
  const Member blind = member_of("blind", samples, answers(constant), answers(constant));
  CHECK(right(average({&wrong, &blind}), labels) < 60);
  const Stacked stacked = stack({&wrong, &blind});
  CHECK(right(stacked.test, labels) == 60);
  CHECK(arma::abs(arma::sum(stacked.test, 0) - 1).max() < 1e-12);
  // Nothing but the penalty keeps it from certainty, and the smallest is chosen.
  CHECK(stacked.penalty == Approx(1e-6));
  CHECK(stacked.at_edge == "low");
}

TEST_CASE("stacking knows no test label, and gives the same bits again") {
  const Classes labels = in_turn();
  const Member a = member_of("a", samples_of(labels, labels), answers(labels), answers(labels));
  const Member b =
      member_of("b", samples_of(labels, next_of(labels)), answers(labels), answers(labels));
  const arma::mat once = stack({&a, &a}).test, other = stack({&b, &b}).test;
  CHECK(std::equal(once.begin(), once.end(), other.begin()));
}

TEST_CASE("members that tell nothing are shrunk to the shares of the classes") {
  // What they say has nothing to do with the class: the largest penalty is the best.
  Classes labels, said;
  for (std::uint32_t k = 0; k < 90; ++k) {
    labels.push_back(k % 3);
    said.push_back(k / 3 % 3);
  }
  const auto samples = samples_of(labels, labels);
  const Member member = member_of("a", samples, answers(said), answers(said));
  const Stacked stacked = stack({&member, &member});
  CHECK(stacked.penalty == 1);
  CHECK(stacked.at_edge == "high");
  CHECK(arma::abs(stacked.test - 1.0 / 3).max() < 0.02);
}

TEST_CASE("other data, other test samples and other validation samples are named") {
  const Classes labels = in_turn();
  const Member a = member_of("a", samples_of(labels, labels), answers(labels), answers(labels));
  const auto refused = [&](const Samples& samples) {
    Member b = a;
    b.name = "b";
    b.samples = std::make_shared<const Samples>(samples);
    try {
      require_same_test({&a, &b});
    } catch (const Error& error) {
      CHECK(error.code() == Code::E607);
      return error.headline();
    }
    const auto missing = missing_validation({&a, &b});
    if (!missing) return std::string("nothing");
    CHECK(missing->code() == Code::E609);
    return missing->headline();
  };
  CHECK(refused(*a.samples) == "nothing");
  Samples changed = *a.samples;
  changed.hashes = {"b"};
  CHECK(refused(changed) == "a and b learnt other data");
  changed = *a.samples;
  changed.test.places.back() += 1;
  CHECK(refused(changed) == "a and b are judged by other test samples");
  changed = *a.samples;
  changed.validation.places.back() += 1;
  CHECK(refused(changed) == "a and b were validated by other samples");
  changed.validation = {};
  CHECK(refused(changed) == "b has no validation data to stack by");
}
