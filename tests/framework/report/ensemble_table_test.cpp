// SPDX-License-Identifier: Apache-2.0
#include "report/ensemble_table.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

namespace {

json ensemble(const char* name, double mean, double low, double p) {
  const json pair = {{"mean", mean}, {"low", low}, {"high", 0.03}};
  json best = pair;
  best.update({{"member", "a@1"}, {"p_adjusted", p}, {"only_ensemble", 9}, {"only_member", 2}});
  return {{"name", name},
          {"members", {"a@1", "b@1"}},
          {"test", {{"accuracy", 0.9912}, {"low", 0.989}, {"high", 0.993}}},
          {"beside_best", best},
          {"beside_mean", pair}};
}

json found() {
  return {
      {"name", "x"},
      {"test", 10000},
      {"validation", 1200},
      {"members",
       {{{"member", "a@1"},
         {"validation", 0.9875},
         {"test", {{"accuracy", 0.98}, {"low", 0.977}, {"high", 0.983}}}}}},
      {"ensembles",
       {ensemble("g@1-average", 0.004, 0.001, 0.02), ensemble("g@1-stacking", 0.002, 0.0001, 0.06),
        ensemble("h@1-average", -0.002, -0.01, 0.01)}},
      {"pairs",
       {{{"first", "g@1-average"},
         {"second", "h@1-average"},
         {"mean", 0.006},
         {"low", 0.002},
         {"high", 0.01},
         {"only_first", 80},
         {"only_second", 20},
         {"p_adjusted", 0.0004}}}},
      {"over_seeds",
       {{"ensembles",
         {{{"group", "g"},
           {"combination", "average"},
           {"seeds", 3},
           {"test", {{"median", 0.991}, {"low", 0.99}, {"high", 0.992}}},
           {"beside_best", nullptr},
           {"beside_mean", {{"median", 0.002}, {"low", -0.001}, {"high", 0.003}}}}}},
        {"pairs", json::array()}}},
      {"notes", {"said"}}};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("tables of ensembles have percent, points and p") {
  const std::string text = ensemble_table(found());
  CHECK(has(text, "x: 10000 test and 1200 validation samples"));
  CHECK(has(text, "a@1     98.75          98.00 [97.70, 98.30]\n"));
  CHECK(has(text, "g@1-average   2        99.12 [98.90, 99.30]  +0.40 [+0.10, +3.00]"));
  CHECK(has(text, "+0.60 [+0.20, +1.00]  80 : 20      <0.001\n"));
  CHECK(has(text, "g-average          3      99.10 [99.00, 99.20]  -  "));
  CHECK(has(text, "+0.20 [-0.10, +0.30]\n"));
  CHECK(has(text, "note: said\n"));
}

TEST_CASE("what is claimed of ensembles takes p below 0.05 and a gain") {
  CHECK(ensemble_claim(found()) ==
        "2 of 3 ensembles answer more of the test data than the member that is best on validation "
        "data, 1 of them beyond chance.");
}

TEST_CASE("without validation data the mean member is what an ensemble is beside") {
  json document = found();
  for (json& one : document["ensembles"]) one["beside_best"] = nullptr;
  CHECK(ensemble_claim(document) ==
        "2 of 3 ensembles answer more of the test data than their members do in their mean, 2 of "
        "them beyond chance.");
  CHECK(has(ensemble_table(document), "g@1-average   2        99.12 [98.90, 99.30]  -  "));
}
