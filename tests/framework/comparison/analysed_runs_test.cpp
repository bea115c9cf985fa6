// SPDX-License-Identifier: Apache-2.0
// Which runs of a comparison in trials are analysed, and that it changes nothing else.
#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "comparison/compare.hpp"
#include "experiment/load.hpp"
#include "places.hpp"

using namespace deltaw;

namespace {

using Runs = std::map<std::pair<std::string, std::uint64_t>, RunOutcome>;

Runs ended_runs(const std::vector<std::string>& sets) {
  const std::filesystem::path source = k_source_folder, build = k_build_folder;
  const Experiment asked = load_experiment(source / "tests/report/trials.json", {.sets = sets});
  Catalogue known({{build / "lib/deltaw/plugins/1", SearchPlace::Kind::folder, "test", 0, ""}});
  std::vector<PreparedArm> arms;
  for (const Arm& arm : asked.arms) arms.emplace_back(arm, known);
  Task task;
  task.trials = make_trial_task(*asked.task.trials);
  Runs runs;
  compare(asked, arms, task, 1, {}, {.on_run = [&](const RunOutcome& outcome) {
            runs[{outcome.record.rule, outcome.record.seed}] = outcome;
          }});
  return runs;
}

}  // namespace

TEST_CASE("the first seeds of each rule are analysed, as many as asked for") {
  for (const std::size_t asked : {0u, 1u, 2u}) {
    const Runs runs = ended_runs(
        {"analyses.seeds=" + std::to_string(asked), "training.trials=40", "seeds=[7,3,9]"});
    REQUIRE(runs.size() == 6);
    for (const auto& [key, outcome] : runs) {
      const std::size_t place = key.second == 7 ? 0 : key.second == 3 ? 1 : 2;
      CHECK((outcome.analysis != nullptr) == (place < asked));
    }
  }
}

TEST_CASE("analyses change neither weights nor errors, and every run knows how far it went") {
  const Runs with = ended_runs({}), without = ended_runs({"analyses.seeds=0"});
  for (const auto& [key, outcome] : with) {
    const RunOutcome& other = without.at(key);
    CHECK(outcome.record.errors == other.record.errors);
    CHECK(outcome.weights.back().second.values == other.weights.back().second.values);
    REQUIRE(outcome.record.metrics.at("weight_change"));
    CHECK(outcome.record.metrics.at("weight_change") == other.record.metrics.at("weight_change"));
    CHECK(*outcome.record.metrics.at("weight_change") > 0);
  }
  const RunOutcome& first = with.at({"backprop", 1});
  const nlohmann::json& connection = first.analysis->at("weights")[0];
  CHECK(connection["relative"].get<double>() ==
        doctest::Approx(*first.record.metrics.at("weight_change")).epsilon(1e-3));
}
