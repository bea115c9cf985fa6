// SPDX-License-Identifier: Apache-2.0
#include "report/headline.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "comparison/summary.hpp"
#include "core/error.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

// Seeds 1 .. n of "error" (network) with accuracy 0.9 and of "hebb" (synapse), each with its own
// accuracy per seed.
Headline of(std::size_t n, double (*hebb)(std::size_t), const std::string& status = "finished") {
  std::vector<RunRecord> records;
  for (std::size_t k = 1; k <= n; ++k) {
    records.push_back({.rule = "error",
                       .seed = k,
                       .metrics = {{"test_accuracy", 0.9},
                                   {"seconds", 2.0},
                                   {"updates", 400.0},
                                   {"epochs_to_criterion", 6.0}}});
    records.push_back({.rule = "hebb",
                       .seed = k,
                       .status = k == n ? status : "finished",
                       .metrics = {{"test_accuracy", hebb(k)},
                                   {"seconds", 1.0},
                                   {"updates", 400.0},
                                   {"epochs_to_criterion", 3.0}}});
  }
  const ComparisonFacts facts{
      .name = "x",
      .reference = "error",
      .rules = {{"error", "e", "network", "error", {}}, {"hebb", "h", "synapse", "none", {}}},
      .criterion = {"train_accuracy", 0.9}};
  return headline(summarise(facts, records), records);
}

double lower(std::size_t k) { return 0.8 - 0.002 * static_cast<double>(k); }
double higher(std::size_t k) { return 0.95 + 0.002 * static_cast<double>(k); }
double around(std::size_t k) { return k % 2 == 0 ? 0.91 : 0.889; }

bool has(const Headline& words, const std::string& part) {
  for (const std::string& fact : words.facts) {
    if (fact.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a clear difference names the better rule, with its margin, price and information") {
  const Headline words = of(8, lower);
  CHECK(words.claim ==
        "error learns best: 90.0 % accuracy on test data, ahead of hebb with 79.1 %.");
  REQUIRE(words.facts.size() == 3);
  CHECK(
      words.facts[0] ==
      "error is ahead of hebb in 8 of 8 paired seeds, by 10.9 points at the median (95 % interval "
      "10.4 to 11.4); p = 0.008 by a sign-flip test.");
  CHECK(
      words.facts[1] ==
      "One run of error takes 2 s and 400 updates; hebb meets the criterion first, after 3 epochs "
      "(error after 6).");
  CHECK(words.facts[2] ==
        "error uses signals from the whole network and error as supervision. The best rule that "
        "needs less, hebb, uses only what its own synapse sees and no supervision: 79.1 %.");
}

TEST_CASE("the other rule is named when it is the better one") {
  const Headline words = of(8, higher);
  CHECK(words.claim.find("hebb learns best: 95.9 %") == 0);
  CHECK(has(words, "hebb is ahead of error in 8 of 8"));
  CHECK_FALSE(has(words, "needs less"));
}

TEST_CASE("a difference that chance explains is no win") {
  const Headline words = of(8, around);
  CHECK(words.claim.find("No clear winner:") == 0);
  CHECK(words.claim.find("best") == std::string::npos);
}

TEST_CASE("a rule that only its median puts first, while pairs favour the other, does not win") {
  // hebb is 0.005 ahead in every seed but the third, which drops its median below error's 0.9.
  const auto paired = [](std::size_t k) { return k == 3 ? 0.899 : 0.905; };
  std::vector<RunRecord> records;
  for (std::size_t k = 0; k < 7; ++k) {
    const double error = 0.87 + 0.01 * static_cast<double>(k);
    const double hebb = error + paired(k) - 0.9;
    records.push_back({.rule = "error", .seed = k, .metrics = {{"test_accuracy", error}}});
    records.push_back({.rule = "hebb", .seed = k, .metrics = {{"test_accuracy", hebb}}});
  }
  const ComparisonFacts facts{
      .name = "x",
      .reference = "error",
      .rules = {{"error", "e", "network", "error", {}}, {"hebb", "h", "synapse", "none", {}}},
      .criterion = {}};
  const Headline words = headline(summarise(facts, records), records);
  CHECK(words.claim ==
        "No clear winner: error (90.0 %) and hebb (89.9 %) rank otherwise seed by seed than by "
        "their medians in accuracy on test data.");
  CHECK(has(words, "error is ahead of hebb in 1 of 7 paired seeds, by -0.5 points"));
  CHECK(has(words, "p = 0.031"));
}

TEST_CASE("too few seeds make no claim, however large the difference") {
  const Headline words = of(5, lower);
  CHECK(words.claim.find("too few seeds to be sure") != std::string::npos);
  CHECK(has(words, "a test needs 6 seeds or more"));
  CHECK_FALSE(has(words, "p ="));
}

TEST_CASE("what the figures do not tell apart is no win, on few seeds or on many") {
  const auto same = [](std::size_t) { return 0.9; };
  const auto hardly = [](std::size_t k) { return 0.9003 + 1e-6 * static_cast<double>(k); };
  const char* claim =
      "No difference to tell: error and hebb both reach 90.0 % accuracy on test data.";
  CHECK(of(3, same).claim == claim);
  CHECK(of(8, same).claim ==
        "No clear winner: error (90.0 %) and hebb (90.0 %) do not differ beyond chance in accuracy "
        "on "
        "test data.");
  const std::string other =
      "No difference to tell: hebb and error both reach 90.0 % accuracy on test data.";
  CHECK(of(3, hardly).claim == other);
  CHECK(of(8, hardly).claim == other);
  CHECK(has(of(8, hardly), "hebb is ahead of error in 8 of 8 paired seeds, by 0.0 points"));
}

TEST_CASE("three that are equal are all named, and a fourth is not") {
  std::vector<RunRecord> records;
  ComparisonFacts facts{.name = "x", .reference = "a", .rules = {}, .criterion = {}};
  for (const char* name : {"a", "b", "c", "d"}) {
    records.push_back(
        {.rule = name, .seed = 1, .metrics = {{"test_accuracy", *name < 'd' ? 0.5 : 0.4}}});
    facts.rules.push_back({name, name, "synapse", "none", {}});
  }
  CHECK(headline(summarise(facts, records), records).claim ==
        "No difference to tell: a, b and c all reach 50.0 % accuracy on test data.");
}

TEST_CASE("runs that never started are told, and a range of few is no interval") {
  std::vector<RunRecord> records;
  for (const std::uint64_t k : {1U, 2U}) {
    const double bit = 0.01 * static_cast<double>(k);
    records.push_back({.rule = "a", .seed = k, .metrics = {{"test_accuracy", 0.8 + bit}}});
    records.push_back({.rule = "b", .seed = k, .metrics = {{"test_accuracy", 0.7}}});
  }
  const ComparisonFacts facts{
      .name = "x",
      .reference = "a",
      .rules = {{"a", "a", "synapse", "none", {}}, {"b", "b", "synapse", "none", {}}},
      .seeds = {1, 2, 3},
      .criterion = {}};
  const Headline words = headline(summarise(facts, records), records);
  CHECK(has(words, "by 11.5 points at the median (range 11.0 to 12.0); a test needs"));
  CHECK(has(words, "1 run of b never started."));
}

TEST_CASE("failed runs are told") {
  CHECK(has(of(8, lower, "failed"), "1 run of hebb failed and is not counted."));
  CHECK(has(of(8, lower, "failed"), "in 7 of 7 paired seeds"));
  CHECK(of(8, lower, "failed").claim.find("error learns best: 90.0 %") == 0);
  CHECK(of(8, higher, "failed")
            .claim.find("hebb learns best in the 7 of 8 runs that did not fail: 95.8 %") == 0);
}

TEST_CASE("a rule learns best only when it is better than each other one, not the second alone") {
  std::vector<RunRecord> records;
  for (std::size_t k = 1; k <= 10; ++k) {
    const double luck = 0.001 * static_cast<double>(k);
    records.push_back({.rule = "a", .seed = k, .metrics = {{"test_accuracy", 0.8995 + luck}}});
    records.push_back({.rule = "b", .seed = k, .metrics = {{"test_accuracy", 0.88 + luck}}});
    // Far below a in six seeds, above it in four: a lower median than b's, and no difference told.
    const double third = k % 5 < 2 ? 0.99 : 0.8;
    records.push_back({.rule = "c", .seed = k, .metrics = {{"test_accuracy", third}}});
  }
  ComparisonFacts facts{.name = "x", .reference = "a", .rules = {}, .criterion = {}};
  for (const char* name : {"a", "b", "c"}) {
    facts.rules.push_back({name, name, "synapse", "none", {}});
  }
  const Headline words = headline(summarise(facts, records), records);
  CHECK(words.claim ==
        "No clear winner: a (90.5 %) and c (80.0 %) do not differ beyond chance in accuracy on "
        "test data.");
  CHECK(has(words, "adjusted for 3 pairs of rules"));
  CHECK(has(words,
            "a is better than 1 of the 2 other rules; one run of it does better than one of "
            "c with a chance of 0.60"));
}

TEST_CASE("rules within the margin are equivalent, and so said") {
  std::vector<RunRecord> records;
  for (std::size_t k = 1; k <= 8; ++k) {
    const double luck = 0.001 * static_cast<double>(k);
    records.push_back({.rule = "a", .seed = k, .metrics = {{"test_accuracy", 0.9105 + luck}}});
    records.push_back({.rule = "b", .seed = k, .metrics = {{"test_accuracy", 0.9005 + luck}}});
  }
  const ComparisonFacts facts{
      .name = "x",
      .reference = "a",
      .rules = {{"a", "a", "synapse", "none", {}}, {"b", "b", "synapse", "none", {}}},
      .criterion = {},
      .margin = 0.02};
  CHECK(headline(summarise(facts, records), records).claim ==
        "a (91.5 %) and b (90.5 %) are equivalent: accuracy on test data differs by less than the "
        "margin of 2.0 points.");
}

TEST_CASE("a family of many pairs needs more seeds than one") {
  std::vector<RunRecord> records;
  ComparisonFacts facts{.name = "x", .reference = "a", .rules = {}, .criterion = {}};
  for (const char* name : {"a", "b", "c", "d"}) {
    for (std::size_t k = 1; k <= 7; ++k) {
      const double score = 0.9 - 0.1 * (*name - 'a') + 0.001 * static_cast<double>(k);
      records.push_back({.rule = name, .seed = k, .metrics = {{"test_accuracy", score}}});
    }
    facts.rules.push_back({name, name, "synapse", "none", {}});
  }
  const nlohmann::json summary = summarise(facts, records);
  const Headline words = headline(summary, records);
  CHECK(words.claim.find("a comes out ahead of b, but on too few seeds to be sure") == 0);
  CHECK(has(words, "a test of 6 pairs of rules needs 8 seeds or more"));
  nlohmann::json earlier = summary;
  earlier.erase("pairs");
  CHECK(headline(earlier, records).claim == words.claim);
}

TEST_CASE("where forgetting is matched it is the claim, and the accuracy a fact") {
  json summary = {{"rules", json::array()}, {"seeds", {1}}};
  summary["matched"] = {{"reference", "a"},
                        {"learning_accuracy", 0.9},
                        {"families", {{{"family", "a"}, {"forgetting", {{"median", 0.5}}}}}}};
  const Headline words = headline(summary, {});
  CHECK(
      words.claim ==
      "Forgetting is not compared: in no seed the arms of a and those of another family enclose a "
      "learning accuracy of 90 %; lower or higher rates may.");
  CHECK(has(words, "No run finished."));
}

TEST_CASE("arms of a sweep are not ranked, but what the reference needs is told") {
  ComparisonFacts facts{.name = "x", .reference = "a-1", .rules = {}, .criterion = {}};
  std::vector<RunRecord> records;
  for (const char* name : {"a-1", "a-2", "b-1"}) {
    facts.rules.push_back({name, "r", "network", "error", {}});
    const double score = name[2] == '2' ? 0.8 : 0.7;
    records.push_back({.rule = name, .seed = 1, .metrics = {{"test_accuracy", score}}});
  }
  json summary = summarise(facts, records);
  summary["matched"] = {{"reference", "a"},
                        {"learning_accuracy", 0.9},
                        {"families",
                         {{{"family", "a"},
                           {"forgetting", {{"median", 0.5}}},
                           {"locality", "network"},
                           {"supervision", "error"},
                           {"seconds", 2.5}}}}};
  const Headline words = headline(summary, records);
  CHECK(
      has(words,
          "a uses signals from the whole network and error as supervision; one run takes 2.5 s."));
  CHECK(has(words, "In the end a-2 has the best accuracy on test data of all 3 arms, 80.0 %"));
  CHECK(words.facts.size() == 2);
  summary["matched"]["families"][0].erase("supervision");  // its arms differ in it
  CHECK(has(headline(summary, records), "a has arms that differ in what they see."));
}

TEST_CASE("nothing finished, or something else than a summary") {
  CHECK(headline({{"rules", nlohmann::json::array()}}, {}).claim == "No run finished.");
  CHECK_THROWS_AS(static_cast<void>(headline({}, {})), Error);
}

TEST_CASE("in trials rules are ranked by their error, and timed in trials") {
  std::vector<RunRecord> records;
  for (std::uint64_t k = 1; k <= 8; ++k) {
    const double noise = 0.001 * static_cast<double>(k);
    for (const bool is_first : {true, false}) {
      records.push_back({.rule = is_first ? "error" : "hebb",
                         .seed = k,
                         .metrics = {{"test_loss", is_first ? 0.05 + noise : 0.9},
                                     {"test_accuracy", 0.5},
                                     {"seconds", 2.0},
                                     {"updates", 2900.0},
                                     {"trials", 3000.0},
                                     {"trials_to_criterion", is_first ? 700.0 : 900.0}}});
    }
  }
  const ComparisonFacts facts{
      .name = "x",
      .reference = "error",
      .rules = {{"error", "e", "network", "error", {}}, {"hebb", "h", "synapse", "none", {}}},
      .criterion = {},
      .is_in_trials = true};
  const Headline words = headline(summarise(facts, records), records);
  CHECK(words.claim ==
        "error learns best: 0.0545 mean error in test trials, ahead of hebb with 0.9.");
  CHECK(has(words, "it also meets the criterion first, after 700 trials, in 8 of 8 runs."));
}

TEST_CASE("networks of which nothing was measured are not judged, though they have finished") {
  const std::vector<RunRecord> records = {
      {.rule = "hebb", .seed = 1, .metrics = {{"test_accuracy", {}}, {"seconds", 1.0}}}};
  const ComparisonFacts facts{.name = "x",
                              .reference = "hebb",
                              .rules = {{"hebb", "h", "synapse", "none", {}}},
                              .criterion = {}};
  const Headline words = headline(summarise(facts, records), records);
  CHECK(words.claim == "No rule is judged: nothing of the trained networks was measured.");
  CHECK(words.facts.empty());
}

TEST_CASE("with readouts the first one judges, and without a criterion none is spoken of") {
  std::vector<RunRecord> records;
  for (std::size_t k = 1; k <= 8; ++k) {
    const double bit = 0.001 * static_cast<double>(k);
    const auto record = [&](const char* rule, double linear, double label) {
      records.push_back({.rule = rule,
                         .seed = k,
                         .metrics = {{"linear_test_accuracy", linear + bit},
                                     {"linear_train_accuracy", 1.0},
                                     {"label_test_accuracy", label + bit},
                                     {"seconds", 2.0},
                                     {"updates", 400.0}}});
    };
    record("bcm", 0.9, 0.7);
    record("random", 0.8, 0.75);
  }
  const ComparisonFacts facts{
      .name = "x",
      .reference = "random",
      .rules = {{"bcm", "b", "neuron", "none", {}}, {"random", "r", "synapse", "none", {}}},
      .readouts = {"linear", "label"},
      .criterion = {}};
  const Headline words = headline(summarise(facts, records), records);
  CHECK(words.claim ==
        "bcm learns best: 90.5 % accuracy of the readout 'linear' on test data, ahead of random "
        "with 80.5 %.");
  CHECK(has(words, "One run of bcm takes 2 s and 400 updates."));
}
