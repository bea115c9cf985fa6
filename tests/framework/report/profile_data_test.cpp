// SPDX-License-Identifier: Apache-2.0
#include "report/profile_data.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

namespace {

const std::vector<RunRecord> records = {
    {.rule = "a", .seed = 1, .metrics = {{"test_accuracy", 0.9}, {"test_loss", 0.2}}},
    {.rule = "a", .seed = 2, .metrics = {{"test_accuracy", 0.7}, {"test_loss", 0.4}}},
    {.rule = "a", .seed = 3, .status = "failed", .metrics = {{"test_accuracy", 0.1}}}};

std::vector<std::pair<double, double>> steps(const json& profiles) {
  std::vector<std::pair<double, double>> all;
  for (const json& step : profiles["of"][0]["steps"]) all.emplace_back(step[0], step[1]);
  return all;
}

}  // namespace

TEST_CASE("of accuracies the share of runs above each, of losses that below, scores ascending") {
  const json above = profile_data({"a", "b"}, records, "test_accuracy");
  CHECK(above["of"].size() == 1);  // no run of b
  CHECK(above["is_lower_better"] == false);
  CHECK(steps(above) == std::vector<std::pair<double, double>>{{0.7, 0.5}, {0.9, 0}});
  const json below = profile_data({"a"}, records, "test_loss");
  CHECK(below["is_lower_better"] == true);
  CHECK(steps(below) == std::vector<std::pair<double, double>>{{0.2, 0}, {0.4, 0.5}});
}
