// SPDX-License-Identifier: Apache-2.0
#include "report/table.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

json summary() {
  return json::parse(R"({
    "deltaw": "0.1.0", "name": "digits", "reference": "backprop", "level": 0.95,
    "criterion": {"metric": "train_accuracy", "threshold": 0.9}, "seeds": [1, 2, 3, 4, 5, 6],
    "rules": [
      {"rule": "backprop", "id": "backprop", "runs": 6, "failed": 0, "interrupted": 0,
       "locality": "network", "supervision": "error", "timing": "batch", "signals": [],
       "metrics": {
         "train_accuracy": {"median": 1, "low": 0.9991, "high": 1, "n": 6},
         "test_accuracy": {"median": 0.972, "low": 0.968, "high": 0.9763, "n": 6},
         "epochs_to_criterion": {"median": 3, "low": 2, "high": 4, "n": 6, "reached": 6, "runs": 6},
         "seconds": {"median": 0.4123, "low": 0.4, "high": 0.5, "n": 6},
         "updates": {"median": 1960, "low": 1960, "high": 1960, "n": 6}},
       "versus_reference": {}},
      {"rule": "oja", "id": "hebbian", "runs": 5, "failed": 1, "interrupted": 0,
       "locality": "synapse", "supervision": "none", "timing": "step", "signals": [],
       "metrics": {
         "test_accuracy": {"median": 0.87, "low": 0.86, "high": 0.885, "n": 5},
         "epochs_to_criterion": {"median": null, "low": 9, "high": null, "n": 5, "reached": 2,
                                 "runs": 5},
         "seconds": {"median": 754, "low": 1, "high": 900, "n": 5}},
       "versus_reference": {
         "test_accuracy": {"median": -0.102, "low": -0.11, "high": -0.095, "n": 5, "above": 0,
                           "p": 0.03125, "p_adjusted": 0.0625,
                           "ahead": {"share": 0, "low": 0, "high": 0.4345, "n": 5},
                           "improvement": {"share": 0.02, "low": 0, "high": 0.11, "n": 11},
                           "verdict": "not told apart"}}}]})");
}

}  // namespace

TEST_CASE("runs in which a readout diverged are told, for they do not count") {
  json told = summary();
  told["readouts"] = {"linear"};
  told["rules"][0]["metrics"]["linear_test_accuracy"] = {
      {"median", 0.9}, {"low", 0.8}, {"high", 0.95}, {"n", 4}};
  told["rules"][1]["metrics"]["linear_test_accuracy"] = {
      {"median", 0.9}, {"low", 0.8}, {"high", 0.95}, {"n", 5}};
  const std::string table = summary_table(told);
  CHECK(table.find("backprop: the readout 'linear' diverged in 2 of 6 runs") != std::string::npos);
  CHECK(table.find("oja: the readout") == std::string::npos);
}

TEST_CASE("the table shows each rule on one aligned line") {
  CHECK(
      summary_table(summary()) ==
      "digits: 6 seeds, median [95 % interval]\n"
      "\n"
      "                                         train                test               epochs to\n"
      "rule      locality  supervision  update  accuracy, %          accuracy, %        train ≥ 90 "
      "%        time    "
      "updates\n"
      "backprop  network   error        batch   100.0 [99.9, 100.0]  97.2 [96.8, 97.6]  3 (6/6)    "
      "         0.41 s  "
      "1960\n"
      "oja       synapse   none         step    -                    87.0 [86.0, 88.5]  mostly "
      "never (2/5)  13 min  "
      "-\n"
      "\n"
      "oja: 5 of 6 runs finished and count above; 1 failed, counted only as never meeting the "
      "criterion unless met before\n"
      "[ ]: the range where fewer than 6 runs count\n"
      "\n"
      "beside backprop  accuracy on test data, points  p      pairs ahead        runs ahead      "
      "   verdict\n"
      "oja              -10.2 [-11.0, -9.5]            0.062  0.00 [0.00, 0.43]  0.02 [0.00, "
      "0.11]  not told apart\n"
      "\n"
      "p: sign-flip test of paired differences, adjusted after Holm\n");
}

TEST_CASE("a table's notes say last how rates and parameters were chosen") {
  json tuned = summary();
  tuned["tuning"] = {{"how", "tuned"}, {"text", "tuned: 27 trials of 60 epochs each"}};
  std::string expected = summary_table(summary());
  expected.insert(expected.find("\nbeside backprop"), "tuned: 27 trials of 60 epochs each\n");
  CHECK(summary_table(tuned) == expected);
}

TEST_CASE("a locality that no check has measured is told to be a claim") {
  json claimed = summary();
  const auto note = [&] {
    const std::string table = summary_table(claimed);
    const std::size_t at = table.find("locality claimed, not measured: ");
    return at == std::string::npos ? "" : table.substr(at, table.find('\n', at) - at);
  };
  claimed["rules"][0]["locality_measured"] = true;
  CHECK(note() == "");
  claimed["rules"][1]["locality_measured"] = false;
  CHECK(note() == "locality claimed, not measured: oja");
}

TEST_CASE("every rule of which not all runs finished says what became of them") {
  json cut = summary();
  cut["rules"][0].update({{"runs", 3}, {"interrupted", 1}});
  cut["rules"][1].update({{"runs", 2}, {"failed", 0}});
  const std::string table = summary_table(cut);
  const auto has = [&](const char* part) { return table.find(part) != std::string::npos; };
  CHECK(has("\nbackprop: 3 of 6 runs finished and count above; 1 interrupted; 2 never started\n"));
  CHECK(has("\noja: 2 of 6 runs finished and count above; 4 never started\n"));
  cut["rules"][0].update({{"runs", 6}, {"interrupted", 0}});
  cut["rules"][1].update({{"runs", 6}});
  CHECK(summary_table(cut).find("runs finished") == std::string::npos);
}

TEST_CASE("a failed run is nothing to a criterion that no one asks for") {
  json without = summary();
  for (json& rule : without["rules"]) rule["metrics"].erase("epochs_to_criterion");
  CHECK(summary_table(without).find("count above; 1 failed\n") != std::string::npos);
}

TEST_CASE("brackets are a range as long as no interval can hold the median in 95 % of cases") {
  json few = summary();
  few["seeds"] = {1, 2, 3, 4, 5};
  few["rules"].erase(1);
  few["rules"][0]["runs"] = 5;
  CHECK(summary_table(few).find("digits: 5 seeds, median [range]\n") == 0);
  CHECK(summary_table(few).find("[ ]:") == std::string::npos);
}

TEST_CASE("the median of two counts keeps its half, and dead layers are told") {
  json features = summary();
  features["readouts"] = {"linear"};
  const auto estimate = [](double median, double low, double high) {
    return json{{"median", median}, {"low", low}, {"high", high}, {"n", 6}};
  };
  json& first = features["rules"][0]["metrics"];
  first["dead_units"] = estimate(2.5, 2, 3);
  first["selectivity"] = estimate(0.25, 0.2, 0.3);
  first["selected"] = estimate(1, 1, 1);
  first["updates"] = estimate(1960, 1960, 1960);
  json& second = features["rules"][1]["metrics"];
  second["dead_units"] = estimate(64, 64, 64);
  second["selectivity"] = second["selected"] = estimate(0, 0, 0);
  const std::string table = summary_table(features);
  CHECK(table.find("  2.5  ") != std::string::npos);
  CHECK(table.find("  64  ") != std::string::npos);
  CHECK(table.find("  1960\n") != std::string::npos);
  CHECK(table.find("\noja: all units are dead: each responds to all patterns alike\n") !=
        std::string::npos);
  CHECK(table.find("backprop: all units") == std::string::npos);
  second["selected"] = estimate(0, 0, 0.5);
  CHECK(summary_table(features).find("oja: all units are dead in half of the runs or more:") !=
        std::string::npos);
}

TEST_CASE("one run has no interval, and a task without accuracies shows losses") {
  json one = summary();
  one["seeds"] = {1};
  one["rules"].erase(1);
  one["criterion"] = {{"metric", "test_loss"}, {"threshold", 0.05}};
  one["rules"][0]["metrics"] = {
      {"test_loss", {{"median", 0.25}, {"low", 0.25}, {"high", 0.25}, {"n", 1}}}};
  const std::string table = summary_table(one);
  CHECK(table.find("digits: 1 seed,") == 0);
  CHECK(table.find("test loss") != std::string::npos);
  CHECK(table.find("test loss ≤ 0.05") != std::string::npos);
  CHECK(table.find("0.2500 ") != std::string::npos);
  CHECK(table.find("accuracy") == std::string::npos);
  CHECK(table.find("[0.25") == std::string::npos);
}

TEST_CASE("a rule of which nothing finished still has its line") {
  json failed = summary();
  failed["rules"][1]["metrics"] = failed["rules"][1]["versus_reference"] = json::object();
  CHECK(summary_table(failed).find("oja       synapse   none         step    -  ") !=
        std::string::npos);
}

TEST_CASE("something else than a summary is refused") {
  for (const json& bad : {json::object(), json(3), json{{"name", 1}}}) {
    try {
      static_cast<void>(summary_table(bad));
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == Code::E603);
    }
  }
}

TEST_CASE("a task in trials shows errors and trials to the criterion") {
  const json trials = json::parse(R"({
    "deltaw": "0.1.0", "name": "dnms", "reference": "miconi", "level": 0.95,
    "criterion": {"metric": "error", "threshold": 1, "share": 0.95, "of": 100},
    "seeds": [1, 2, 3, 4, 5, 6],
    "rules": [
      {"rule": "miconi", "id": "miconi", "runs": 6, "failed": 0, "interrupted": 0,
       "locality": "modulator", "supervision": "reward", "timing": "trial", "signals": [],
       "metrics": {
         "train_loss": {"median": 0.2, "low": 0.1, "high": 0.3, "n": 6},
         "test_loss": {"median": 0.05, "low": 0.04, "high": 0.06, "n": 6},
         "test_accuracy": {"median": 1, "low": 1, "high": 1, "n": 6},
         "trials_to_criterion": {"median": 876, "low": 692, "high": 1125, "n": 6, "reached": 6,
                                 "runs": 6},
         "seconds": {"median": 7.2, "low": 7, "high": 8, "n": 6},
         "trials": {"median": 3000, "low": 3000, "high": 3000, "n": 6}},
       "versus_reference": {}},
      {"rule": "hebbian", "id": "hebbian", "runs": 6, "failed": 0, "interrupted": 0,
       "locality": "modulator", "supervision": "reward", "timing": "trial", "signals": [],
       "metrics": {
         "train_loss": {"median": 1, "low": 1, "high": 1, "n": 6},
         "test_loss": {"median": 0.98, "low": 0.97, "high": 0.99, "n": 6},
         "trials_to_criterion": {"median": null, "low": null, "high": null, "n": 6, "reached": 0,
                                 "runs": 6}},
       "versus_reference": {
         "trials_to_criterion": {"median": null, "low": null, "high": null, "n": 6, "above": 6,
                                 "p": 0.03125, "p_adjusted": 0.03125}}}]})");
  CHECK(summary_table(trials) ==
        "dnms: 6 seeds, median [95 % interval]\n"
        "\n"
        "                                         train                    test                    "
        " trials to\n"
        "rule     locality   supervision  update  error                    error                   "
        " 95 % below 1  time    "
        "trials\n"
        "miconi   modulator  reward       trial   0.2000 [0.1000, 0.3000]  0.0500 [0.0400, 0.0600] "
        " 876 (6/6)     7.20 s  "
        "3000\n"
        "hebbian  modulator  reward       trial   1.0000 [1.0000, 1.0000]  0.9800 [0.9700, 0.9900] "
        " never (0/6)   -       "
        "-\n"
        "\n"
        "beside miconi  trials to criterion   p      pairs ahead  log-rank p  verdict\n"
        "hebbian        never [never, never]  0.031  -            -           -\n"
        "\n"
        "p: sign-flip test of paired times to the criterion, censored ones ranked after Prentice, "
        "adjusted after Holm\n");
}

TEST_CASE("with features the table shows what each readout makes of them, and selectivity") {
  json features = summary();
  features["readouts"] = {"linear", "label"};
  const auto estimate = [](double x) {
    return json{{"median", x}, {"low", x}, {"high", x}, {"n", 1}};
  };
  json& rules = features["rules"];
  const double linear[] = {0.95, 0.925}, label[] = {0.5, 0.75};
  for (std::size_t i = 0; i < 2; ++i) {
    rules[i]["runs"] = 1;  // as many as every metric's n
    rules[i]["metrics"] = {{"linear_test_accuracy", estimate(linear[i])},
                           {"linear_train_accuracy", estimate(1)},
                           {"label_test_accuracy", estimate(label[i])},
                           {"selectivity", estimate(0.25)},
                           {"overlap", estimate(1.5)},
                           {"dead_units", estimate(3)},
                           {"seconds", estimate(2)},
                           {"updates", estimate(700)}};
  }
  json versus = estimate(-0.025);
  versus.update({{"above", 0}, {"p", 0.03125}, {"p_adjusted", 0.0625}, {"equivalent", true}});
  rules[1]["versus_reference"] = {{"linear_test_accuracy", versus}};
  features["margin"] = 0.05;
  rules[1]["failed"] = 0;
  features["seeds"] = {1};
  CHECK(summary_table(features) ==
        "digits: 1 seed, one run each\n"
        "\n"
        "                                         linear, test  label, test                        "
        "dead\n"
        "rule      locality  supervision  update  accuracy, %   accuracy, %  selectivity  overlap  "
        "units  time    "
        "updates\n"
        "backprop  network   error        batch   95.0          50.0         0.2500       1.50     "
        "3      2.00 s  700\n"
        "oja       synapse   none         step    92.5          75.0         0.2500       1.50     "
        "3      2.00 s  700\n"
        "\n"
        "beside backprop  accuracy of the readout 'linear' on test data, points  p      pairs "
        "ahead  runs ahead  verdict\n"
        "oja              -2.5                                                   0.062  -          "
        "  -           -\n"
        "\n"
        "equivalent: within 5 points, by two one-sided tests at 5 %\n"
        "p: sign-flip test of paired differences, adjusted after Holm\n");
}
