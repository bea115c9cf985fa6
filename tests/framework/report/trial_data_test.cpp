// SPDX-License-Identifier: Apache-2.0
// What the page is told of runs on trials, from folders written by hand.
#include "report/trial_data.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "framework/result/temporary_folder.hpp"
#include "report/analysis_data.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

// A finished run of 40 trials, all with that error.
RunRecord run(const std::string& rule, std::uint64_t seed, double alignment,
              std::optional<double> reached) {
  RunRecord record{.rule = rule, .seed = seed};
  record.curve = {{.epoch = 0},
                  {.epoch = 20, .alignment = alignment - 0.1},
                  {.epoch = 40, .alignment = alignment + 0.1}};
  record.metrics = {{"trials", 40.0}, {"trials_to_criterion", reached}};
  return record;
}

void write_errors(const ResultFolder& folder, const RunRecord& record, float error) {
  std::vector<float> errors(40);
  std::iota(errors.begin(), errors.end(), error);
  folder.write_array(record.rule, record.seed, "errors", {1, 40, std::move(errors)});
  folder.write_run(record);
}

json small_analysis() {
  json of_kind = json::array(), units = json::array();
  for (std::size_t unit = 0; unit < 12; ++unit) {
    units.push_back(10 * unit);
    of_kind.push_back({unit, unit});
  }
  return {{"weights", {{{"connection", "a>a"}, {"relative", 0.5}}}},
          {"activity", {{"units", units}, {"before", {of_kind}}, {"after", {of_kind}}}},
          {"decoding", {{{"factor", "f"}, {"accuracy", {{0.385, 0.485}, {0.55, 1}}}}}}};
}

}  // namespace

TEST_CASE("errors are averaged in bins of trials, then over runs by quartiles") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  std::vector<RunRecord> records = {run("a", 1, 0.5, 30), run("a", 2, 0.5, 30),
                                    run("a", 3, 0.5, 30), run("a", 4, 0.5, 30)};
  for (const RunRecord& record : records) {
    write_errors(folder, record, static_cast<float>(record.seed * 4));
  }
  records[3].status = "failed";
  const json found = trial_data(folder, {"a"}, records);
  REQUIRE(found["errors"].size() == 1);
  const json& errors = found["errors"][0];
  // Bins of 4 trials: the first of seed 1 holds 4, 5, 6, 7.
  CHECK(errors["trial"] == json({4, 8, 12, 16, 20, 24, 28, 32, 36, 40}));
  CHECK(errors["runs"][0] == 3);
  CHECK(errors["median"][0] == 9.5);
  CHECK(errors["low"][0] == 7.5);
  CHECK(errors["high"][0] == 11.5);
  CHECK(errors["median"][9] == 9.5 + 36);
}

TEST_CASE("mean alignment stands beside the time, and those never there rank last") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  const std::vector<RunRecord> records = {run("a", 1, 0.9, 20), run("a", 2, 0.8, 30),
                                          run("a", 3, 0.7, std::nullopt), run("b", 1, 0.1, 39),
                                          run("b", 2, 0.2, std::nullopt)};
  for (const RunRecord& record : records) write_errors(folder, record, 1);
  const json found = trial_data(folder, {"a", "b"}, records);
  CHECK(found["alignment"][0]["trial"] == json({20, 40}));
  CHECK(found["alignment"][0]["median"][1] == 0.9);
  CHECK(found["alignment"][0]["low"][0] == 0.65);
  REQUIRE(found["runs"].size() == 5);
  CHECK(found["runs"][0]["alignment"] == 0.9);
  CHECK(found["runs"][0]["time"] == 20);
  CHECK(found["runs"][2]["is_reached"] == false);
  CHECK(found["runs"][2]["time"] == 40);
  REQUIRE(found["rho"].size() == 3);
  // Ranks of alignment 5 4 3 1 2 and of times 1 2 4.5 3 4.5.
  CHECK(found["rho"][0]["rule"].is_null());
  CHECK(found["rho"][0]["rho"].get<double>() ==
        doctest::Approx(-6.5 / std::sqrt(10 * 9.5)).epsilon(1e-4));
  CHECK(found["rho"][1]["rho"] == -1);
  CHECK(found["rho"][2]["rho"].is_null());
}

TEST_CASE("where every run failed, nothing is shown of any") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  const json found = trial_data(folder, {"a"}, {{.rule = "a", .seed = 1, .status = "failed"}});
  REQUIRE(found.size() == 5);
  for (const auto& [name, list] : found.items()) CHECK(list.empty());
}

TEST_CASE("an analysed run has its matrices as bytes, half its units, and its decoding by time") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  CHECK(analysis_data(folder, "a", 1).is_null());
  folder.write_analysis("a", 1, small_analysis());
  // Column after column: rows (1, -2) and (0.5, 0) before, (-2, 0) and (2, 1) after.
  folder.write_array("a", 1, "initial/a>a", {2, 2, std::vector<float>{1, 0.5, -2, 0}});
  folder.write_weights("a", 1, "a>a", {2, 2, std::vector<float>{-2, 2, 0, 1}});
  const json found = analysis_data(folder, "a", 1);
  CHECK(found["activity"]["units"] == json({0, 20, 40, 60, 80, 100}));
  CHECK(found["activity"]["after"][0][5] == json({10, 10}));
  // 77 97 110 200, that is "Man" and one byte more.
  CHECK(found["decoding"][0]["accuracy"] == "TWFuyA==");
  REQUIRE(found["matrices"].size() == 1);
  const json& matrix = found["matrices"][0];
  CHECK(matrix["scale"] == 2);
  // Row after row, 127 + 127 w / 2: 190.5 0 158.75 127, and 0 127 254 190.5.
  CHECK(matrix["before"] == "vwCffw==");
  CHECK(matrix["after"] == "AH/+vw==");
  const auto before = matrix["histogram"]["before"].get<std::vector<int>>();
  CHECK(before.size() == 40);
  CHECK(std::accumulate(before.begin(), before.end(), 0) == 4);
  CHECK(before[0] == 1);
  CHECK(before[20] == 1);
  CHECK(before[25] == 1);
  CHECK(before[30] == 1);
  CHECK(matrix["histogram"]["after"][39] == 1);
}
