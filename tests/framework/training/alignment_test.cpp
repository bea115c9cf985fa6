// SPDX-License-Identifier: Apache-2.0
// Rules that watch, against what is known exactly of how they agree with the gradient.
#include "training/alignment.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/random.hpp"
#include "error_of.hpp"
#include "real_rule.hpp"
#include "scripted_rule.hpp"
#include "training/static_trainer.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

const std::vector<std::string> k_all = {"a>b", "b>c"};

NetworkSpec deep(std::size_t inputs, std::size_t hidden, std::size_t outputs) {
  NetworkSpec spec;
  spec.layers = {{.name = "a", .units = inputs},
                 {.name = "b", .units = hidden, .activation = {.type = "tanh"}, .bias = false},
                 {.name = "c", .units = outputs, .bias = false}};
  spec.connections = {{.from = "a", .to = "b"}, {.from = "b", .to = "c"}};
  for (ConnectionSpec& c : spec.connections) c.init.type = "normal";
  return spec;
}

Split<double> data(std::size_t inputs, std::size_t outputs, std::size_t samples) {
  Random random(5, "alignment");
  Split<double> split;
  for (Partition<double>* part : {&split.train, &split.test}) {
    part->inputs.set_size(inputs, samples);
    for (double& x : part->inputs) x = random.normal();
    part->targets.set_size(outputs, samples);
    for (double& y : part->targets) y = random.normal();
    part->labels.assign(samples, 0);
  }
  return split;
}

TrainingSpec training_of(std::size_t epochs, std::size_t batch) {
  TrainingSpec training;
  training.epochs = epochs;
  training.batch = batch;
  training.loss.type = "mse";
  return training;
}

const AlignmentRow& find(const std::vector<AlignmentRow>& rows, const std::string& rule,
                         const std::string& connection = "") {
  for (const AlignmentRow& row : rows) {
    if (row.rule == rule && row.connection == connection) return row;
  }
  FAIL("no row of ", rule);
  return rows.front();
}

const ScriptedRule& idle() {
  static const ScriptedRule rule("idle", 0, [](const deltaw_block&, const deltaw_matrix&) {});
  return rule;
}

}  // namespace

TEST_CASE("finite differences agree with backpropagation that watches, to less than 0.1 degrees") {
  const Split<double> split = data(3, 2, 12);
  const RealRule backprop("backprop");
  StaticTrainer<double>* running = nullptr;
  const ScriptedRule differences(
      "differences", DELTAW_SIGNAL_BIT(DELTAW_WEIGHTS),
      [&](const deltaw_block& block, const deltaw_matrix& delta) {
        constexpr double k_step = 1e-5;
        const deltaw_matrix& weights = *block.signals[DELTAW_WEIGHTS];
        const auto loss = [&] { return running->evaluator().score(split.train).loss; };
        for (std::uint64_t i = 0; i < weights.rows * weights.cols; ++i) {
          double& w = static_cast<double*>(weights.data)[i];
          const double kept = w;
          w = kept + k_step;
          const double above = loss();
          w = kept - k_step;
          static_cast<double*>(delta.data)[i] += (loss() - above) / (2 * k_step);
          w = kept;
        }
      });
  StaticTrainer<double> trainer(deep(3, 4, 2), training_of(2, 12), {backprop.drive(k_all, 0.05)},
                                split, 1);
  running = &trainer;
  trainer.watch(
      {.reference = differences.drive(k_all), .shadows = {{"backprop", backprop.drive(k_all)}}});
  REQUIRE(trainer.train_epoch());
  REQUIRE(trainer.train_epoch());
  const std::vector<AlignmentRow> rows = trainer.take_alignment();
  REQUIRE(rows.size() == 12);  // two snapshots of two rules, each the whole and two connections
  for (const AlignmentRow& row : rows) {
    CHECK(*row.cosine > std::cos(0.1 / 180 * 3.14159));
    CHECK(*row.norm_ratio == doctest::Approx(1).epsilon(1e-6));
    CHECK(*row.sign_agreement == 1);
  }
  CHECK(rows[0].epoch == 1);
  CHECK(rows[11].epoch == 2);
}

TEST_CASE("a rule that watches itself is at angle 0 with the same length, to the bit") {
  const Split<double> split = data(3, 2, 40);
  const RealRule backprop("backprop");
  for (const bool has_reference : {false, true}) {
    CAPTURE(has_reference);
    StaticTrainer<double> trainer(deep(3, 5, 2), training_of(1, 8), {backprop.drive(k_all, 0.05)},
                                  split, 1);
    AlignmentPlan plan{.shadows = {{"self", backprop.drive(k_all)}}, .every = 2, .length = 2};
    if (has_reference) plan.reference = backprop.drive(k_all);
    trainer.watch(plan);
    REQUIRE(trainer.train_epoch());
    const std::vector<AlignmentRow> rows = trainer.take_alignment();
    REQUIRE(rows.size() == (has_reference ? 18 : 9));  // after 2, 4 and, the last, 5 updates
    for (const AlignmentRow& row : rows) {
      CHECK(row.cosine == 1);
      CHECK(row.mean_cosine == 1);
      CHECK(row.limit_cosine == 1);
      CHECK(row.sum_cosine == 1);
      CHECK(row.norm_ratio == 1);
      CHECK(row.sign_agreement == 1);
    }
    CHECK(rows.front().updates == 2);
    CHECK(rows.front().epoch == 0.4);
    CHECK(rows.back().updates == 1);
    CHECK(rows.back().epoch == 1);
    CHECK(trainer.take_alignment().empty());
  }
}

TEST_CASE("a random direction is at 90 degrees, give or take 1 / sqrt(P) rad") {
  const Split<double> split = data(6, 4, 100);
  Random random(6, "directions");
  const ScriptedRule wanders("wanders", 0, [&](const deltaw_block&, const deltaw_matrix& delta) {
    for (std::uint64_t i = 0; i < delta.rows * delta.cols; ++i) {
      static_cast<double*>(delta.data)[i] = random.normal();
    }
  });
  const RealRule backprop("backprop");
  StaticTrainer<double> trainer(deep(6, 10, 4), training_of(4, 1), {idle().drive(k_all)}, split, 1);
  trainer.watch({.reference = backprop.drive(k_all),
                 .shadows = {{"wanders", wanders.drive(k_all)}},
                 .every = 1,
                 .length = 1});
  for (int epoch = 0; epoch < 4; ++epoch) REQUIRE(trainer.train_epoch());
  double sum = 0, squares = 0, count = 0;
  for (const AlignmentRow& row : trainer.take_alignment()) {
    if (row.rule != "wanders" || !row.connection.empty()) continue;
    const double angle = std::acos(*row.cosine) - std::acos(0.0);
    sum += angle;
    squares += angle * angle;
    count += 1;
  }
  REQUIRE(count == 400);
  const double spread = 1 / std::sqrt(100.0);  // P = 6 x 10 + 10 x 4
  CHECK(std::abs(sum / count) < 3 * spread / std::sqrt(count));
  CHECK(std::sqrt(squares / count) == doctest::Approx(spread).epsilon(0.1));
}

// With small noise ΔW is (g.xi) xi x^T: M averaged draws of D units have the cosine
// sqrt(M / (M + D + 1)) with the gradient, and none of it is bias.
TEST_CASE("node perturbation's angle is that of its draws, its bias nil, its noise D + 1") {
  constexpr std::size_t k_units = 20, k_draws = 20;
  const Split<double> split = data(5, k_units, 400);
  NetworkSpec network;
  network.layers = {{.name = "a", .units = 5}, {.name = "b", .units = k_units, .bias = false}};
  network.connections = {{.from = "a", .to = "b", .init = {.type = "normal"}}};
  TrainingSpec training = training_of(5, 1);
  training.exploration.deviation = 1e-5;
  const RealRule backprop("backprop"), node("node-perturbation", {{"normalise", false}});
  StaticTrainer<double> trainer(network, training, {idle().drive({"a>b"})}, split, 1);
  trainer.watch({.reference = backprop.drive({"a>b"}),
                 .shadows = {{"node", node.drive({"a>b"})}},
                 .every = 2000,
                 .length = 2000,
                 .draws = k_draws});
  for (int epoch = 0; epoch < 5; ++epoch) REQUIRE(trainer.train_epoch());
  const std::vector<AlignmentRow> rows = trainer.take_alignment();
  const AlignmentRow& row = find(rows, "node");
  CHECK(row.updates == 2000);
  CHECK(row.draws == k_draws);
  constexpr double k_d = k_units, k_m = k_draws;
  CHECK(*row.mean_cosine == doctest::Approx(std::sqrt(k_m / (k_m + k_d + 1))).epsilon(0.03));
  CHECK(*row.cosine == doctest::Approx(std::sqrt(1 / (k_d + 2))).epsilon(0.03));
  CHECK(*row.limit_cosine == doctest::Approx(1).epsilon(0.03));
  CHECK(*row.signal_to_noise == doctest::Approx(1 / (k_d + 1)).epsilon(0.06));
  CHECK(!find(rows, "").cosine);  // nothing is driven
}

TEST_CASE("feedback alignment comes to point where the gradient does") {
  Split<double> split = data(10, 5, 200);
  Random random(7, "teacher");
  arma::mat teacher(5, 10);
  for (double& w : teacher) w = random.normal();
  split.train.targets = teacher * split.train.inputs;
  NetworkSpec network = deep(10, 20, 5);
  network.layers[1].activation.type = "linear";
  for (ConnectionSpec& c : network.connections) c.init = {.type = "normal", .deviation = 0.01};
  const RealRule feedback("feedback-alignment"), backprop("backprop");
  StaticTrainer<double> trainer(network, training_of(10, 10), {feedback.drive(k_all, 0.005)}, split,
                                3);
  trainer.watch({.reference = backprop.drive(k_all), .every = 10, .length = 10});
  std::vector<double> angles;
  for (int epoch = 0; epoch < 10; ++epoch) REQUIRE(trainer.train_epoch());
  for (const AlignmentRow& row : trainer.take_alignment()) {
    if (row.connection == "b>c") CHECK(*row.cosine == doctest::Approx(1));  // exact by definition
    if (row.connection == "a>b") angles.push_back(std::acos(*row.cosine) * 180 / 3.14159265);
  }
  REQUIRE(angles.size() == 20);
  CHECK(angles.front() > 70);
  CHECK(angles.back() < 45);
}

TEST_CASE("the bits of what drives do not depend on who watches") {
  const Split<double> split = data(4, 3, 30);
  TrainingSpec training = training_of(3, 10);
  training.exploration = {.deviation = 0.01, .draws = 2, .weight_deviation = 0.01};
  const RealRule node("node-perturbation"), weight("weight-perturbation"), backprop("backprop"),
      feedback("feedback-alignment");
  const auto weights_after = [&](bool is_watched) {
    StaticTrainer<double> trainer(deep(4, 6, 3), training, {node.drive(k_all, 0.1)}, split, 1);
    if (is_watched) {
      trainer.watch({.reference = backprop.drive(k_all),
                     .shadows = {{"node", node.drive(k_all)},
                                 {"weight", weight.drive({"b>c"})},
                                 {"feedback", feedback.drive(k_all)}},
                     .draws = 3});
    }
    for (int epoch = 0; epoch < 3; ++epoch) REQUIRE(trainer.train_epoch());
    CHECK(trainer.take_alignment().empty() != is_watched);
    arma::mat first = trainer.network().weights(0), second = trainer.network().weights(1);
    return arma::join_cols(arma::vectorise(first), arma::vectorise(second)).eval();
  };
  CHECK(arma::approx_equal(weights_after(false), weights_after(true), "absdiff", 0.0));
}

TEST_CASE("a rule that learns from noise is no reference") {
  const Split<double> split = data(4, 3, 30);
  TrainingSpec training = training_of(1, 10);
  training.exploration.deviation = 0.01;
  const RealRule node("node-perturbation");
  StaticTrainer<double> trainer(deep(4, 6, 3), training, {idle().drive(k_all)}, split, 1);
  const Error error = error_of([&] { trainer.watch({.reference = node.drive(k_all)}); });
  CHECK(error.code() == Code::E206);
  CHECK(error.text().find("shadows") != std::string::npos);
}
