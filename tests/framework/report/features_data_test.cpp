// SPDX-License-Identifier: Apache-2.0
#include "report/features_data.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.hpp"
#include "framework/result/temporary_folder.hpp"
#include "report/fake_features.hpp"
#include "report/page.hpp"
#include "report/page_data.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

const json some_features = {{"layer", "features"},
                            {"part", "test"},
                            {"patterns", 100},
                            {"alpha", {0, 1, 50, 100}},
                            {"labels", {nullptr, 1, 0, 0}},
                            {"per_class", {{0, 0}, {0, 1}, {30, 20}, {60, 40}}},
                            {"course", json::array()}};

RunRecord record(const std::string& rule, std::uint64_t seed,
                 const std::string& status = "finished") {
  return {.rule = rule, .seed = seed, .status = status};
}

}  // namespace

TEST_CASE("units of all finished runs are counted by what they select, dead ones apart") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "out");
  json half = some_features;
  half["patterns"] = 200;  // 1, 50 and 100 of 200: 0.5, 25 and 50 %
  folder.write_features("bcm", 2, some_features);
  folder.write_features("bcm", 5, half);
  folder.write_features("bcm", 7, some_features);
  const json data = features_data(folder, json::object(), {"oja", "bcm"},
                                  {record("bcm", 2), record("bcm", 5), record("bcm", 6),
                                   record("bcm", 7, "failed"), record("oja", 2)});
  REQUIRE(data["runs"].size() == 1);
  CHECK(data["runs"][0]["seed"] == 2);
  CHECK(data["runs"][0]["labels"] == json::array({nullptr, 1, 0, 0}));
  CHECK(data["runs"][0]["per_class"][2] == json::array({30, 20}));
  REQUIRE(data["histograms"].size() == 1);
  const json& histogram = data["histograms"][0];
  CHECK(histogram["seeds"] == 2);
  CHECK(histogram["units"] == 8);
  CHECK(histogram["dead"] == 2);
  const auto counts = histogram["counts"].get<std::vector<int>>();
  REQUIRE(counts.size() == 50);
  CHECK(counts[0] == 2);   // 0.5 and 1 %
  CHECK(counts[12] == 1);  // 25 %
  CHECK(counts[25] == 2);  // 50 %, twice
  CHECK(counts[49] == 1);  // all
  CHECK(std::accumulate(counts.begin(), counts.end(), 0) == 6);
}

TEST_CASE("courses keep every column, with gaps, and the state that rules show") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "out");
  json features = some_features;
  const auto quartiles = [](double median) {
    return json{{"min", 0}, {"q1", 0.5}, {"median", median}, {"q3", 3}, {"max", nullptr}};
  };
  features["course"] = {
      {{"epoch", 0}, {"overlap", nullptr}, {"label", 0.5}, {"change", nullptr}},
      {{"epoch", 4}, {"overlap", 2.5}, {"monitored", {{"in>out/theta", quartiles(1)}}}},
      {{"epoch", 8}, {"overlap", 3}, {"monitored", {{"in>out/theta", quartiles(2)}}}}};
  folder.write_features("bcm", 2, features);
  const json data = features_data(folder, json::object(), {"bcm"}, {record("bcm", 2)});
  REQUIRE(data["courses"].size() == 1);
  CHECK(data["courses"][0]["epoch"] == json::array({0, 4, 8}));
  const json columns = {{"overlap", {nullptr, 2.5, 3}}, {"label", {0.5, nullptr, nullptr}}};
  CHECK(data["courses"][0]["columns"] == columns);
  REQUIRE(data["monitored"].size() == 1);
  CHECK(data["monitored"][0]["name"] == "in>out/theta");
  CHECK(data["monitored"][0]["epoch"] == json::array({4, 8}));
  CHECK(data["monitored"][0]["median"] == json::array({1, 2}));
  CHECK(data["monitored"][0]["max"] == json::array({nullptr, nullptr}));
}

TEST_CASE("without selectivity there are courses alone; without features nothing") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "out");
  folder.write_features("bcm", 2, {{"layer", "features"}, {"course", json::array()}});
  const std::vector<RunRecord> records = {record("bcm", 2), record("oja", 2)};
  const json data = features_data(folder, json::object(), {"bcm", "oja"}, records);
  CHECK(data["runs"].empty());
  CHECK(data["histograms"].empty());
  CHECK(data["courses"].size() == 1);
  CHECK(features_data(folder, json::object(), {"oja"}, records).is_null());
}

TEST_CASE("classes beyond what a picture shows are left out, not the units") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "out");
  json features = some_features;
  features["per_class"] = json::array({std::vector<int>(51)});
  folder.write_features("bcm", 2, features);
  const json data = features_data(folder, json::object(), {"bcm"}, {record("bcm", 2)});
  CHECK(data["runs"][0]["per_class"].empty());
  CHECK(data["runs"][0]["alpha"].size() == 4);
}

TEST_CASE("a page of features has mosaics, groups by strength and no run that failed") {
  const TemporaryFolder parent;
  const auto path = parent.path() / "out";
  write_fake_features(path, {.seeds = 2, .units = 30});
  const ResultFolder folder = ResultFolder::open(path);
  const json data = page_data(folder);
  CHECK(data["mosaics"].size() == 6);
  CHECK(data["features"]["runs"].size() == 6);
  CHECK(data["features"]["courses"].size() == 12);
  const json& lateral = data["features"]["lateral"];
  REQUIRE(lateral.size() == 2);
  CHECK(lateral[0]["label"] == "some-rule, memory 0.5");
  CHECK(lateral[0]["points"].size() == 4);  // the failed one too: the page has no value for it
  CHECK(lateral[1]["points"].size() == 2);

  folder.write_features("fast", 1, {{"layer", 7}});
  const auto is_refused = [&] {
    try {
      write_report(path);
    } catch (const Error& error) {
      return error.code() == Code::E603;
    }
    return false;
  };
  CHECK(is_refused());
}
