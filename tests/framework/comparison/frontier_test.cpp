// SPDX-License-Identifier: Apache-2.0
#include "comparison/frontier.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using doctest::Approx;

namespace {

RunRecord run(const std::string& rule, std::uint64_t seed, double learnt, double forgotten) {
  RunRecord record{.rule = rule, .seed = seed};
  record.metrics = {{"learning_accuracy", learnt}, {"forgetting", forgotten}};
  return record;
}

}  // namespace

TEST_CASE("a number at the end of a name is the plasticity of its family") {
  CHECK(family_of("mlp-0.05").family == "mlp");
  CHECK(family_of("mlp-0.05").plasticity == 0.05);
  CHECK(family_of("feedback-alignment-2").family == "feedback-alignment");
  for (const char* alone : {"backprop", "feedback-alignment", "mlp-0.05x", "mlp-", "-3"}) {
    CHECK(family_of(alone).family == alone);
  }
}

TEST_CASE("forgetting is interpolated between the first neighbours that enclose the accuracy") {
  const std::vector<FrontierPoint> points = {{0.5, 0.0}, {0.8, 0.3}, {1.0, 0.5}, {0.7, 0.9}};
  CHECK(*forgetting_at(0.6, points) == Approx(0.1));
  CHECK(*forgetting_at(0.9, points) == Approx(0.4));
  CHECK(*forgetting_at(0.8, points) == 0.3);
  CHECK(*forgetting_at(1.0, points) == 0.5);
  CHECK_FALSE(forgetting_at(0.4, points));
  CHECK_FALSE(forgetting_at(1.01, points));
  CHECK_FALSE(forgetting_at(0.6, {{0.5, 0.1}}));
  CHECK_FALSE(forgetting_at(0.6, {}));
  CHECK(*forgetting_at(0.5, {{0.5, 0.1}}) == 0.1);
  CHECK_FALSE(forgetting_at(0.6, {{0.5, 0.1}, {0.5, 0.2}}));
}

TEST_CASE("an arm as plastic as another of its family is not lost") {
  const auto found = matched_forgetting(0.5, "a-1", {"a-1", "a-1.0", "a-2"}, {});
  REQUIRE(found["families"].size() == 2);
  CHECK(found["families"][0]["arms"] == nlohmann::json({"a-1", "a-2"}));
  CHECK(found["families"][1]["arms"] == nlohmann::json({"a-1.0"}));
}

TEST_CASE("families are compared at the same learning accuracy, seed by seed") {
  std::vector<RunRecord> records;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const double own = 0.01 * static_cast<double>(seed);
    records.push_back(run("slow-1", seed, 0.8, 0.2 + own));
    records.push_back(run("slow-10", seed, 1.0, 0.4 + own));
    records.push_back(run("fast-2", seed, 0.7, 0.1 + own));
    records.push_back(run("fast-3", seed, 0.9, 0.2 + own));  // at 0.85: 0.175 + own
    records.push_back(run("dull", seed, 0.5, 0.0));
  }
  records.push_back(run("fast-2", 9, 0.7, 0.1));
  records.back().status = "failed";
  const auto found = matched_forgetting(0.85, "slow-10",
                                        {"slow-10", "slow-1", "fast-2", "fast-3", "dull"}, records);
  CHECK(found["reference"] == "slow");
  const auto& families = found["families"];
  REQUIRE(families.size() == 3);
  CHECK(families[0]["arms"] == nlohmann::json({"slow-1", "slow-10"}));
  CHECK(families[0]["forgetting"]["median"].get<double>() == Approx(0.25 + 0.045));
  CHECK(families[0]["forgetting"]["n"] == 8);
  CHECK_FALSE(families[0].contains("versus_reference"));
  CHECK(families[1]["seeds"] == 8);
  const auto& versus = families[1]["versus_reference"];
  CHECK(versus["median"].get<double>() == Approx(-0.075));
  CHECK(versus["above"] == 0);
  CHECK(versus["p"].get<double>() == Approx(2.0 / 256));
  CHECK(versus["p_adjusted"].get<double>() == Approx(2.0 / 256));
  CHECK(families[2]["seeds"] == 8);
  CHECK_FALSE(families[2].contains("forgetting"));
}

TEST_CASE("a family is described by what all its arms have, and by the span of what they reach") {
  const auto arm = [](const char* name, const char* locality, double learnt, double seconds) {
    return nlohmann::json{
        {"rule", name},
        {"locality", locality},
        {"supervision", "error"},
        {"metrics",
         {{"learning_accuracy", {{"median", learnt}}}, {"seconds", {{"median", seconds}}}}}};
  };
  const nlohmann::json rules = {arm("a-1", "synapse", 0.9, 3), arm("a-2", "synapse", 0.6, 1),
                                arm("a-3", "synapse", 0.7, 5), arm("b-1", "synapse", 0.5, 1),
                                arm("b-2", "layer", 0.5, 1)};
  auto matched = matched_forgetting(0.5, "a-1", {"a-1", "a-2", "a-3", "b-1", "b-2"}, {});
  describe_families(matched, rules);
  const auto& a = matched["families"][0];
  CHECK(a["locality"] == "synapse");
  CHECK(a["supervision"] == "error");
  CHECK_FALSE(a.contains("timing"));
  CHECK(a["learns"] == nlohmann::json({{"low", 0.6}, {"high", 0.9}}));
  CHECK(a["seconds"] == 3);
  CHECK_FALSE(matched["families"][1].contains("locality"));
}
