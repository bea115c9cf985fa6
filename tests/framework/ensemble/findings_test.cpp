// SPDX-License-Identifier: Apache-2.0
#include "ensemble/findings.hpp"

#include <doctest/doctest.h>

#include "framework/ensemble/fake_members.hpp"

using namespace deltaw;
using namespace deltaw::test;
using doctest::Approx;
using nlohmann::json;

namespace {

// Ten test samples of class 0; each member is sure of 0 in some of them and of 1 in the others.
Classes zero_in(const std::vector<std::size_t>& places, std::size_t n = 10) {
  Classes given(n, 1);
  for (const std::size_t place : places) given[place] = 0;
  return given;
}

struct Case {
  std::vector<Member> members;
  Selection selection;
};

// By hand: "a" is right in 0..6, "b" in 3..9, "c" in 0, 1, 2, 7, 8; any two of three right are
// enough for an average, so "abc" is right in all but 9. "b" is best on validation data.
Case three_members() {
  const auto samples = samples_of(Classes(4, 0), Classes(10, 0));
  Case made;
  made.members.push_back(member_of("a@1", samples, answers(zero_in({0, 1}, 4)),
                                   answers(zero_in({0, 1, 2, 3, 4, 5, 6}))));
  made.members.push_back(member_of("b@1", samples, answers(zero_in({0, 1, 2}, 4)),
                                   answers(zero_in({3, 4, 5, 6, 7, 8, 9}))));
  made.members.push_back(
      member_of("c@1", samples, answers(zero_in({3}, 4)), answers(zero_in({0, 1, 2, 7, 8}))));
  for (std::size_t m = 0; m < 3; ++m)
    made.selection.runs.push_back({0, "x", 1, made.members[m].name});
  made.selection.ensembles = {{"abc", 1, {0, 1, 2}}};
  return made;
}

}  // namespace

TEST_CASE("an ensemble stands beside its best and its mean member, counted by hand") {
  const Case made = three_members();
  const json found = findings("x", made.selection, made.members, {.has_stacking = false}).document;
  CHECK(found["test"] == 10);
  CHECK(found["members"][1]["validation"] == 0.75);
  CHECK(found["members"][2]["test"]["accuracy"] == 0.5);
  const json& ensemble = found["ensembles"][0];
  CHECK(ensemble["name"] == "abc@1-average");
  CHECK(ensemble["test"]["accuracy"] == 0.9);
  CHECK(ensemble["test"]["low"].get<double>() == Approx(0.595849973205));  // Wilson, SciPy's
  const json& best = ensemble["beside_best"];
  CHECK(best["member"] == "b@1");
  CHECK(best["only_ensemble"] == 3);
  CHECK(best["only_member"] == 1);
  CHECK(best["mean"].get<double>() == Approx(0.2));
  CHECK(best["p"].get<double>() == Approx(2 * 5 / 16.0));
  CHECK(best["p_adjusted"] == best["p"]);  // of one ensemble
  CHECK(ensemble["beside_mean"]["accuracy"].get<double>() == Approx(19 / 30.0));
  CHECK(ensemble["beside_mean"]["mean"].get<double>() == Approx(0.9 - 19 / 30.0));
}

TEST_CASE("of several ensembles the most certain is multiplied by their number") {
  Case made = three_members();
  made.selection.ensembles = {{"ab", 1, {0, 1}}, {"bc", 1, {1, 2}}, {"abc", 1, {0, 1, 2}}};
  const json found = findings("x", made.selection, made.members, {.has_stacking = false}).document;
  double least = 1, adjusted = 1;
  for (const json& one : found["ensembles"]) {
    const double p = one["beside_best"]["p"];
    if (p < least) adjusted = one["beside_best"]["p_adjusted"];
    least = std::min(least, p);
  }
  CHECK(least < 1);
  CHECK(adjusted == Approx(std::min(1.0, 3 * least)));
}

TEST_CASE("groups of one size and seed are compared, others are not") {
  Case made = three_members();
  made.selection.ensembles = {{"ab", 1, {0, 1}},
                              {"bc", 1, {1, 2}},
                              {"abc", 1, {0, 1, 2}},
                              {"ca", 2, {2, 0}},
                              {"free", {}, {0, 2}}};
  const json pairs =
      findings("x", made.selection, made.members, {.has_stacking = false}).document["pairs"];
  std::vector<std::string> names;
  for (const json& pair : pairs)
    names.push_back(pair["first"].get<std::string>() + " " + pair["second"].get<std::string>());
  CHECK(names == std::vector<std::string>{"ab@1-average bc@1-average", "ab@1-average free-average",
                                          "bc@1-average free-average",
                                          "ca@2-average free-average"});
  // Where two disagree, classes 0 and 1 are alike and the first is the answer: both are right in
  // all.
  CHECK(pairs[0]["only_first"] == 0);
  CHECK(pairs[0]["p_adjusted"].get<double>() == 1);
}

TEST_CASE(
    "stacking that cannot be done is left out with a note, or refused where it is asked for") {
  Case made = three_members();
  Samples without = *made.members[0].samples;
  without.validation = {};
  for (Member& member : made.members) {
    member.samples = std::make_shared<const Samples>(without);
    member.validation.reset();
  }
  const json found = findings("x", made.selection, made.members, {}).document;
  CHECK(found["ensembles"].size() == 1);
  CHECK(found["ensembles"][0]["beside_best"].is_null());
  CHECK(found["members"][0]["validation"].is_null());
  const auto note = found["notes"][0].get<std::string>();
  CHECK(note.find("abc@1-stacking is left out: a@1 has no validation data") == 0);
  CHECK(note.find("\"validation\": 0.1") != std::string::npos);
  CHECK_THROWS_AS((void)findings("x", made.selection, made.members, {.needs_stacking = true}),
                  Error);
}
