// SPDX-License-Identifier: Apache-2.0
#include "report/pairs_table.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

namespace {

json summary() {
  return json::parse(R"({
    "reference": "backprop", "criterion": {"metric": "train_accuracy", "threshold": 0.9},
    "rules": [
      {"rule": "backprop", "metrics": {"test_accuracy": {"median": 0.97}}, "versus_reference": {}},
      {"rule": "oja", "metrics": {"test_accuracy": {"median": 0.87}},
       "versus_reference": {
         "test_accuracy": {"median": -0.102, "low": -0.11, "high": -0.095, "n": 10, "above": 0,
                           "p": 0.00195, "p_adjusted": 0.00195,
                           "ahead": {"share": 0, "low": 0, "high": 0.278, "n": 10},
                           "improvement": {"share": 0.05, "low": 0.01, "high": 0.2, "n": 20},
                           "verdict": "worse"}}}]})");
}

json& versus(json& summary) { return summary["rules"][1]["versus_reference"]["test_accuracy"]; }

}  // namespace

TEST_CASE("each rule beside the reference has one line, which ends in a verdict") {
  CHECK(pairs_table(summary()) ==
        "\n"
        "beside backprop  accuracy on test data, points  p      pairs ahead        runs ahead      "
        "   verdict\n"
        "oja              -10.2 [-11.0, -9.5]            0.002  0.00 [0.00, 0.28]  0.05 [0.01, "
        "0.20]  worse\n"
        "\n"
        "p: sign-flip test of paired differences, adjusted after Holm\n");
}

TEST_CASE("with too few seeds the table says so instead of a p value") {
  json few = summary();
  versus(few).update(
      {{"p", nullptr}, {"p_adjusted", nullptr}, {"verdict", "too few seeds"}, {"seeds_needed", 6}});
  const std::string table = pairs_table(few);
  CHECK(table.find("too few seeds: at least 6\n") != std::string::npos);
  CHECK(table.find("p: too few seeds for a test; 6 or more are needed\n") != std::string::npos);
  CHECK(table.find("Holm") == std::string::npos);
  CHECK(table.find("0.002") == std::string::npos);
}

TEST_CASE("what is equivalent is told with its margin, where one was fixed") {
  json within = summary();
  within["margin"] = 0.02;
  versus(within).update({{"equivalent", true}, {"verdict", "equivalent"}});
  const std::string line = "equivalent: within 2 points, by two one-sided tests at 5 %\n";
  CHECK(pairs_table(within).find(line) != std::string::npos);
  versus(within)["equivalent"] = nullptr;  // too few seeds
  CHECK(pairs_table(within).find(line) == std::string::npos);
}

TEST_CASE("a rule alone has no table, and an earlier version's summary no verdict") {
  json alone = summary();
  alone["rules"].erase(1);
  CHECK(pairs_table(alone).empty());
  json earlier = summary();
  for (const char* key : {"ahead", "improvement", "verdict"}) versus(earlier).erase(key);
  CHECK(pairs_table(earlier).find("0.002  -            -           -\n") != std::string::npos);
}

TEST_CASE("in trials rules are compared by the time to their criterion") {
  json trials = summary();
  trials["criterion"] = {{"metric", "error"}, {"threshold", 1}, {"share", 0.95}, {"of", 100}};
  json& pairs = trials["rules"][1]["versus_reference"];
  pairs = {{"trials_to_criterion", pairs["test_accuracy"]}};
  json& pair = pairs["trials_to_criterion"];
  pair.update({{"median", 120}, {"low", 40}, {"high", nullptr}});
  pair["log_rank"] = {{"chi_square", 9.1}, {"p", 0.0026}};
  const std::string table = pairs_table(trials);
  CHECK(table.find("trials to criterion") != std::string::npos);
  CHECK(table.find("+120 [+40, never]    0.002  0.00 [0.00, 0.28]  0.003       worse\n") !=
        std::string::npos);
}
