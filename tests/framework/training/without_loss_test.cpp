// SPDX-License-Identifier: Apache-2.0
// Networks that nobody tells a target.
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "scripted_rule.hpp"
#include "training/static_trainer.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

// Four samples of three classes.
Split<double> data() {
  Split<double> split;
  split.train.inputs = {{1, 2, 3, 4}, {0, 1, 0, 1}};
  split.train.targets = arma::mat(3, 4, arma::fill::zeros);
  split.train.labels = {0, 1, 2, 0};
  return split;
}

// Seven units where the data have three classes.
NetworkSpec network() {
  NetworkSpec spec;
  spec.layers = {{.name = "in", .units = 2}, {.name = "features", .units = 7, .bias = false}};
  spec.connections = {{.from = "in", .to = "features", .init = {.type = "zeros"}}};
  return spec;
}

TrainingSpec training() {
  TrainingSpec spec;
  spec.batch = 2;
  spec.loss.type = "none";
  spec.exploration.deviation = 0.1;
  spec.exploration.weight_deviation = 0.1;
  return spec;
}

std::string refusal(const NetworkSpec& spec, const DriveSpec& drive) {
  const Split<double> split = data();
  try {
    const StaticTrainer<double> trainer(spec, training(), {drive}, split, 1);
  } catch (const Error& error) {
    return error.text();
  }
  return "";
}

}  // namespace

TEST_CASE("without a loss the last layer has any number of units, and a local rule drives it") {
  const ScriptedRule sum("sum", DELTAW_SIGNAL_BIT(DELTAW_PRE),
                         [](const deltaw_block& block, const deltaw_matrix& delta) {
                           const deltaw_matrix& pre = *block.signals[DELTAW_PRE];
                           for (std::uint64_t k = 0; k < block.columns; ++k) {
                             for (std::uint64_t i = 0; i < delta.rows; ++i) {
                               for (std::uint64_t j = 0; j < delta.cols; ++j) {
                                 at(delta, i, j) += at(pre, j, k);
                               }
                             }
                           }
                         });
  const Split<double> split = data();
  StaticTrainer<double> trainer(network(), training(), {sum.drive({"in>features"})}, split, 1);
  REQUIRE(trainer.train_epoch());
  arma::mat expected(7, 2);
  expected.col(0).fill(10);
  expected.col(1).fill(2);
  CHECK(arma::approx_equal(trainer.network().weights(0), expected, "absdiff", 0));
}

TEST_CASE("without a loss the input still has to be as wide as the data") {
  const ScriptedRule none("none", 0, [](const deltaw_block&, const deltaw_matrix&) {});
  NetworkSpec wide = network();
  wide.layers[0].units = 3;
  CHECK(refusal(wide, none.drive({"in>features"}))
            .starts_with("error[E205] layer 'in' does not fit the data"));
}

TEST_CASE("rules that are told of a loss are refused where there is none") {
  for (const int signal : {DELTAW_TARGET, DELTAW_ERROR, DELTAW_LEARNING_SIGNAL, DELTAW_REWARD,
                           DELTAW_BASELINE, DELTAW_PERTURBATION, DELTAW_WEIGHT_PERTURBATION}) {
    CAPTURE(signal);
    const ScriptedRule told("told", DELTAW_SIGNAL_BIT(signal),
                            [](const deltaw_block&, const deltaw_matrix&) {});
    const std::string text = refusal(network(), told.drive({"in>features"}));
    CHECK(text.starts_with("error[E206] rule 'told' needs "));
    CHECK(text.find("which connection 'in>features' does not have: the training has no loss") !=
          std::string::npos);
  }
}

TEST_CASE("a rule that carries the loss's gradient back is refused where there is none") {
  const ScriptedRule global("global", 0, [](const deltaw_block&, const deltaw_matrix&) {});
  DriveSpec drive = global.drive({"in>features"});
  drive.rule.scope = Scope::network;
  CHECK(refusal(network(), drive) ==
        "error[E206] rule 'global' carries the gradient of the loss through the network, but the "
        "training has no loss\n  try: a \"loss\" under \"training\", or a rule of local scope that "
        "needs neither target nor reward");
}
