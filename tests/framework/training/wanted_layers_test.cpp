// SPDX-License-Identifier: Apache-2.0
// Layers that no rule is shown are not computed: here their activity would be infinite.
#include <doctest/doctest.h>

#include <limits>

#include "core/error.hpp"
#include "scripted_rule.hpp"
#include "training/static_trainer.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

constexpr double k_huge = 1e308;

// in > a > b > out, where nothing but in > a is plastic; `huge` connections overflow.
NetworkSpec network(const std::vector<std::string>& huge) {
  NetworkSpec spec;
  spec.layers = {{.name = "in", .units = 2},
                 {.name = "a", .units = 3, .bias = false},
                 {.name = "b", .units = 3, .bias = false},
                 {.name = "out", .units = 2, .bias = false}};
  spec.connections = {
      {.from = "in", .to = "a"}, {.from = "a", .to = "b"}, {.from = "b", .to = "out"}};
  for (ConnectionSpec& c : spec.connections) {
    const bool is_huge = std::find(huge.begin(), huge.end(), c.from + ">" + c.to) != huge.end();
    c.init = {.type = "constant", .value = is_huge ? k_huge : 0.5};
  }
  return spec;
}

Split<double> data() {
  Split<double> split;
  split.train.inputs = {{10, 20, 30, 40}, {50, 10, 20, 30}};
  split.train.targets = {{1, 0, 1, 0}, {0, 1, 0, 1}};
  split.train.labels = {0, 1, 0, 1};
  return split;
}

TrainingSpec training() {
  TrainingSpec spec;
  spec.batch = 2;
  spec.loss.type = "mse";
  return spec;
}

// Trains an epoch by a rule that is shown these signals and does nothing.
std::string outcome(std::uint64_t signals, const std::string& connection,
                    const std::vector<std::string>& huge) {
  const ScriptedRule idle("idle", signals, [](const deltaw_block&, const deltaw_matrix&) {});
  const Split<double> split = data();
  StaticTrainer<double> trainer(network(huge), training(), {idle.drive({connection})}, split, 1);
  try {
    (void)trainer.train_epoch();
  } catch (const Error& error) {
    return error.headline();
  }
  return "trained";
}

constexpr std::uint64_t bit(int signal) { return DELTAW_SIGNAL_BIT(signal); }

}  // namespace

TEST_CASE("of pre and weights alone no product is made, of a rule on the first connection") {
  CHECK(outcome(bit(DELTAW_PRE) | bit(DELTAW_WEIGHTS), "in>a", {"in>a", "a>b", "b>out"}) ==
        "trained");
  CHECK(outcome(bit(DELTAW_WEIGHTS), "b>out", {"in>a"}) == "trained");
  CHECK(outcome(bit(DELTAW_TARGET), "b>out", {"in>a"}) == "trained");
}

TEST_CASE("each signal has the layer computed that it shows, with what leads to it, no more") {
  for (const int signal : {DELTAW_POST, DELTAW_POTENTIAL, DELTAW_DERIVATIVE}) {
    CAPTURE(signal);
    CHECK(outcome(bit(signal), "in>a", {"a>b", "b>out"}) == "trained");
    CHECK(outcome(bit(signal), "in>a", {"in>a"}).starts_with("the activity of layer 'a'"));
    CHECK(outcome(bit(signal), "a>b", {"b>out"}) == "trained");
    CHECK(outcome(bit(signal), "a>b", {"a>b"}).starts_with("the activity of layer 'b'"));
    CHECK(outcome(bit(signal), "a>b", {"in>a"}).starts_with("the activity of layer 'a'"));
  }
  CHECK(outcome(bit(DELTAW_PRE), "a>b", {"a>b", "b>out"}) == "trained");
  CHECK(outcome(bit(DELTAW_PRE), "a>b", {"in>a"}).starts_with("the activity of layer 'a'"));
  CHECK(outcome(bit(DELTAW_ERROR), "b>out", {"b>out"}).starts_with("the activity of layer 'out'"));
  CHECK(outcome(bit(DELTAW_LEARNING_SIGNAL), "in>a", {"b>out"})
            .starts_with("the activity of layer 'out'"));
}

TEST_CASE("a rule learns the same bits whether or not another has more layers computed") {
  const ScriptedRule hebb("hebb", bit(DELTAW_PRE) | bit(DELTAW_POST),
                          [](const deltaw_block& block, const deltaw_matrix& delta) {
                            const deltaw_matrix& pre = *block.signals[DELTAW_PRE];
                            const deltaw_matrix& post = *block.signals[DELTAW_POST];
                            for (std::uint64_t k = 0; k < block.columns; ++k) {
                              for (std::uint64_t i = 0; i < delta.rows; ++i) {
                                for (std::uint64_t j = 0; j < delta.cols; ++j) {
                                  at(delta, i, j) -= 1e-3 * at(post, i, k) * at(pre, j, k);
                                }
                              }
                            }
                          });
  const ScriptedRule idle("idle", bit(DELTAW_ERROR),
                          [](const deltaw_block&, const deltaw_matrix&) {});
  const Split<double> split = data();
  StaticTrainer<double> alone(network({}), training(), {hebb.drive({"in>a"})}, split, 1);
  StaticTrainer<double> both(network({}), training(), {hebb.drive({"in>a"}), idle.drive({"b>out"})},
                             split, 1);
  const arma::mat before = 1.0 * alone.network().weights(0);  // a copy of the view
  for (int epoch = 0; epoch < 3; ++epoch) {
    REQUIRE(alone.train_epoch());
    REQUIRE(both.train_epoch());
  }
  CHECK(arma::approx_equal(alone.network().weights(0), both.network().weights(0), "absdiff", 0));
  CHECK(!arma::approx_equal(alone.network().weights(0), before, "absdiff", 1e-3));
}

TEST_CASE("weights that are no longer finite are named though nothing is computed with them") {
  const ScriptedRule broken("broken", bit(DELTAW_PRE),
                            [](const deltaw_block&, const deltaw_matrix& delta) {
                              at(delta, 2, 1) = std::numeric_limits<double>::quiet_NaN();
                            });
  const Split<double> split = data();
  StaticTrainer<double> trainer(network({}), training(), {broken.drive({"in>a"})}, split, 1);
  CHECK_THROWS_WITH_AS(
      (void)trainer.train_epoch(),
      doctest::Contains("E304] the ΔW of 'broken' for weight (2, 1) of connection 'in>a'"), Error);
}

TEST_CASE("an infinite change that bounds made finite spoils no later one") {
  const ScriptedRule wild("wild", bit(DELTAW_PRE),
                          [](const deltaw_block& block, const deltaw_matrix& delta) {
                            if (block.index == 0) {
                              at(delta, 2, 1) = std::numeric_limits<double>::infinity();
                            }
                          });
  NetworkSpec bounded = network({});
  bounded.connections[0].constraint = {.has_bounds = true, .low = -1, .high = 1};
  const Split<double> split = data();
  StaticTrainer<double> trainer(bounded, training(), {wild.drive({"in>a"})}, split, 1);
  CHECK(trainer.train_epoch());
  CHECK(trainer.train_epoch());
  CHECK(trainer.network().weights(0)(2, 1) == 1);
}
