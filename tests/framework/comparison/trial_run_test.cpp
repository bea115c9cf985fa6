// SPDX-License-Identifier: Apache-2.0
// Runs of a small delayed-match task with the node perturbation of this build.
#include "comparison/trial_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "comparison/compare.hpp"
#include "experiment/load.hpp"
#include "places.hpp"
#include "small_trials.hpp"
#include "training/trial_trainer.hpp"

using namespace deltaw;
using deltaw::test::small_trials;
using nlohmann::json;

namespace {

struct Prepared {
  explicit Prepared(const json& text = small_trials())
      : experiment(parse_experiment(text, "small.json")),
        catalogue({{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                    SearchPlace::Kind::folder, "test", 0, ""}}),
        task(make_trial_task(*experiment.task.trials)) {
    for (const Arm& arm : experiment.arms) arms.emplace_back(arm, catalogue);
  }

  RunOutcome run(std::uint64_t seed, const std::stop_token& stop = {},
                 const OnEpoch& on_epoch = {}) const {
    return run_trials<float>(arms.front(), *task, seed,
                             {.criterion = experiment.criterion, .on_epoch = on_epoch}, stop);
  }

  Experiment experiment;
  Catalogue catalogue;
  std::unique_ptr<const TrialTask> task;
  std::vector<PreparedArm> arms;
};

const NpyMatrix& array(const RunOutcome& outcome, const std::string& name) {
  for (const auto& [other, values] : outcome.arrays) {
    if (other == name) return values;
  }
  FAIL("no array ", name);
  return outcome.confusion;
}

// Mean error, and share below 0.97, of trials first .. last - 1.
std::pair<double, double> score(const std::vector<float>& errors, std::size_t first,
                                std::size_t last) {
  double sum = 0, right = 0;
  for (std::size_t i = first; i < last; ++i) {
    sum += static_cast<double>(errors[i]);
    right += errors[i] < 0.97F ? 1 : 0;
  }
  const auto n = static_cast<double>(last - first);
  return {sum / n, right / n};
}

}  // namespace

TEST_CASE("a run has a row before, one every so many trials and one at the end, and every error") {
  const Prepared small;
  std::vector<EpochRow> told;
  const RunRecord record =
      small.run(3, {}, [&](const EpochRow& row) { told.push_back(row); }).record;
  CHECK(record.status == "finished");
  CHECK(told == record.curve);
  REQUIRE(record.errors.size() == 50);
  REQUIRE(record.curve.size() == 4);
  const std::size_t trials[] = {0, 20, 40, 50}, updates[] = {0, 10, 30, 40};
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    const EpochRow& row = record.curve[i];
    CHECK(row.epoch == trials[i]);
    CHECK(row.updates == updates[i]);  // none in the warm-up
    CHECK(row.test_loss.has_value());
    CHECK(row.train_loss.has_value() == (i > 0));
    if (i == 0) continue;
    const auto [loss, share] = score(record.errors, trials[i - 1], trials[i]);
    CHECK(*row.train_loss == doctest::Approx(loss).epsilon(1e-6));
    CHECK(*row.train_accuracy == doctest::Approx(share));
  }
  CHECK(*record.metrics.at("trials") == 50);
  CHECK(*record.metrics.at("area_under_curve") ==
        doctest::Approx(score(record.errors, 0, 50).first));
  CHECK(*record.metrics.at("test_loss") == *record.curve.back().test_loss);
}

TEST_CASE("test errors are those of noise-free trials of every kind, with the weights of the row") {
  const Prepared small;
  const RunRecord record = small.run(5).record;
  const Arm& arm = small.arms.front().arm();
  TrialTrainer<float> trainer(arm.network, arm.training, small.arms.front().drives(), *small.task,
                              5);
  double sum = 0, right = 0;
  for (std::uint32_t kind = 0; kind < 4; ++kind) {
    for (std::uint64_t i = 0; i < 2; ++i) {
      const double error =
          trainer.error_of(small.task->of_kind(kind, 5, i), "test start", 4 * i + kind);
      sum += error;
      right += error < 0.97 ? 1 : 0;
    }
  }
  CHECK(*record.curve.front().test_loss == doctest::Approx(sum / 8));
  CHECK(*record.curve.front().test_accuracy == doctest::Approx(right / 8));
}

TEST_CASE("weights at the start of plastic connections and all errors are kept as arrays") {
  const Prepared small;
  const RunOutcome outcome = small.run(3);
  CHECK(outcome.arrays.size() == 2);
  const NpyMatrix& start = array(outcome, "initial/recurrent>recurrent");
  const NpyMatrix& errors = array(outcome, "errors");
  CHECK(errors.rows == 1);
  CHECK(errors.columns == 50);
  CHECK(std::get<std::vector<float>>(errors.values) == outcome.record.errors);
  const Arm& arm = small.arms.front().arm();
  const TrialTrainer<float> fresh(arm.network, arm.training, small.arms.front().drives(),
                                  *small.task, 3);
  const arma::fmat weights = fresh.network().weights(1);
  CHECK(std::get<std::vector<float>>(start.values) ==
        std::vector<float>(weights.begin(), weights.end()));
  REQUIRE(outcome.weights.size() == 3);
  CHECK(outcome.weights[1].first == "recurrent>recurrent");
  CHECK(outcome.weights[1].second.values != start.values);
}

TEST_CASE("a run that is stopped keeps what it did") {
  const Prepared small;
  std::stop_source stop;
  const RunRecord record = small
                               .run(3, stop.get_token(),
                                    [&](const EpochRow& row) {
                                      if (row.epoch == 20) stop.request_stop();
                                    })
                               .record;
  CHECK(record.status == "interrupted");
  CHECK(record.errors.size() == 20);
  CHECK(record.curve.size() == 2);
  CHECK(*record.metrics.at("trials") == 20);
}

TEST_CASE("a run that diverges has failed, and says in which trial") {
  json wild = small_trials();
  wild["optimizer"]["rate"] = 1e38;
  wild["network"]["layers"][1]["activation"] = "linear";
  const Prepared small(wild);
  const RunRecord record = small.run(3).record;
  CHECK(record.status == "failed");
  CHECK_MESSAGE(record.error.starts_with("error[E304] weight ("), record.error);
  CHECK(record.error.find(" by trial 11\n") != std::string::npos);
  CHECK(record.errors.size() >= 10);  // the warm-up changed nothing
  CHECK(record.errors.size() < 20);
  CHECK(*record.metrics.at("trials") == static_cast<double>(record.errors.size()));
  CHECK(std::isfinite(*record.metrics.at("area_under_curve")));
}

TEST_CASE("bits of runs in trials do not depend on the number of jobs, nor on other arms") {
  json two = small_trials();
  two["rules"].push_back({{"name", "slow"},
                          {"rule", "node-perturbation"},
                          {"optimizer", {{"type", "sgd"}, {"rate", 0.001}}}});
  const auto all_runs = [](const json& text, std::size_t jobs) {
    const Prepared small(text);
    const Task task{.trials = make_trial_task(*small.experiment.task.trials)};
    check(small.experiment, small.arms, task);
    std::map<std::pair<std::string, std::uint64_t>, RunOutcome> runs;
    compare(small.experiment, small.arms, task, jobs, {},
            {.on_run = [&](const RunOutcome& outcome) {
              runs[{outcome.record.rule, outcome.record.seed}] = outcome;
            }});
    return runs;
  };
  const auto one = all_runs(two, 1), four = all_runs(two, 4), alone = all_runs(small_trials(), 2);
  REQUIRE(one.size() == 4);
  REQUIRE(four.size() == 4);
  REQUIRE(alone.size() == 2);
  const auto same = [](const RunOutcome& a, const RunOutcome& b) {
    return a.record.errors == b.record.errors &&
           a.weights[1].second.values == b.weights[1].second.values &&
           array(a, "initial/recurrent>recurrent").values ==
               array(b, "initial/recurrent>recurrent").values;
  };
  for (const auto& [which, outcome] : one) CHECK(same(outcome, four.at(which)));
  for (const auto& [which, outcome] : alone) CHECK(same(outcome, one.at(which)));
  // Arms of a seed start from the same weights and make the same errors while they warm up.
  const RunOutcome &first = one.at({"node-perturbation", 3}), &second = one.at({"slow", 3});
  CHECK(array(first, "initial/recurrent>recurrent").values ==
        array(second, "initial/recurrent>recurrent").values);
  for (std::size_t i = 0; i < 11; ++i) CHECK(first.record.errors[i] == second.record.errors[i]);
  CHECK(first.record.errors[40] != second.record.errors[40]);
  CHECK_FALSE(same(one.at({"slow", 3}), one.at({"slow", 5})));
}
