// SPDX-License-Identifier: Apache-2.0
// Rules that watch a network with time, beside those that drive it.
#include <deltaw/abi.h>
#include <doctest/doctest.h>

#include <cmath>

#include "real_rule.hpp"
#include "tiny_trials.hpp"
#include "training/trial_trainer.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

deltaw_status prepare(void*, const deltaw_shape*, deltaw_error*) { return DELTAW_OK; }
void ignore(void*) {}

// Proposes 1 for the first weight and `second` for the next, both of a connection of two weights.
template <int second>
deltaw_status update(void*, const deltaw_block*, const deltaw_matrix* deltas, std::uint64_t,
                     deltaw_error*) {
  static_cast<double*>(deltas->data)[0] += 1;
  static_cast<double*>(deltas->data)[1] += second;
  return DELTAW_OK;
}

template <int second>
deltaw_status create(const deltaw_host*, const char*, const deltaw_param*, std::uint64_t,
                     deltaw_rule* out, deltaw_error*) {
  *out = {};
  out->struct_size = sizeof *out;
  out->prepare = &prepare;
  out->update = &update<second>;
  out->reset = out->destroy = &ignore;
  return DELTAW_OK;
}

template <int second>
DriveSpec drive() {
  static deltaw_plugin plugin{};
  plugin.create = &create<second>;
  DriveSpec spec;
  spec.plugin = &plugin;
  spec.rule.id = "proposes";
  spec.rule.scope = Scope::local;
  spec.rule.dynamics = {Dynamics::rate};
  spec.rule.capabilities = DELTAW_CAP_F64;
  spec.connections = {"in>out"};
  spec.optimizer.rate = 0.001;
  return spec;
}

NetworkSpec small() {
  NetworkSpec spec;
  spec.layers = {{.name = "in", .units = 2}, {.name = "out", .units = 1, .bias = false}};
  spec.layers[1].dynamics.type = "rate";
  spec.connections = {{.from = "in", .to = "out", .init = {.type = "zeros"}}};
  return spec;
}

// The cosine of the sums over the last trials before a row.
template <int second>
double alignment_with(std::size_t trials) {
  const auto task = make_trial_task({});
  TrainingSpec training;
  training.loss.type = "absolute";
  training.trials = training.evaluate_every = trials + 1;
  TrialTrainer<double> trainer(small(), training, {drive<1>()}, *task, 1);
  trainer.watch({.reference = drive<second>(), .length = trials});
  for (std::size_t i = 0; i < trials; ++i) (void)trainer.train_trial();
  CHECK(trainer.take_alignment().empty());
  (void)trainer.train_trial();
  CHECK(arma::approx_equal(trainer.network().weights(0),
                           arma::mat(1, 2, arma::fill::value(0.001 * double(trials + 1))),
                           "absdiff", 1e-12));
  const std::vector<AlignmentRow> rows = trainer.take_alignment();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].updates == trials);
  CHECK(rows[0].epoch == double(trials + 1));
  CHECK(rows[1].connection == "in>out");
  return rows[0].sum_cosine.value();
}

}  // namespace

TEST_CASE("a rule is aligned with itself, orthogonal to another, at 45 degrees to a third") {
  CHECK(alignment_with<1>(3) == 1);
  CHECK(alignment_with<-1>(3) == doctest::Approx(0));
  CHECK(alignment_with<0>(2) == doctest::Approx(std::sqrt(0.5)));
}

TEST_CASE("the bits of trials do not depend on who watches them, nor does what watches twice") {
  const testing::TinyTask task;
  const NetworkSpec network = testing::tiny_network();
  TrainingSpec training = testing::tiny_training();
  training.trials = 6;
  training.evaluate_every = 3;
  training.exploration.rate = 100;
  const std::vector<std::string> own = {"recurrent>recurrent"};
  const RealRule node("node-perturbation"), backprop("backprop");
  std::vector<AlignmentRow> rows;
  const auto trained = [&](bool is_watched) {
    TrialTrainer<double> trainer(network, training, {node.drive(own, 0.01)}, task, 1);
    if (is_watched) {
      trainer.watch({.reference = backprop.drive(own),
                     .shadows = {{"node", node.drive(own)},
                                 {"again", node.drive(own)},
                                 {"self", backprop.drive(own)}},
                     .length = 2,
                     .draws = 4});
    }
    std::vector<double> errors;
    for (int trial = 0; trial < 6; ++trial) errors.push_back(trainer.train_trial());
    for (const double w : trainer.network().weights(1)) errors.push_back(w);
    rows = trainer.take_alignment();
    return errors;
  };
  const std::vector<double> alone = trained(false);
  CHECK(rows.empty());
  CHECK(trained(true) == alone);
  REQUIRE(rows.size() == 16);  // two snapshots of four rules, the whole and the connection
  for (const AlignmentRow& row : rows) {
    if (row.rule == "self") CHECK(row.cosine == 1);
    if (row.rule == "self") CHECK(row.norm_ratio == 1);
    CHECK(row.draws == (row.rule == "node" || row.rule == "again" ? 4 : 1));
  }
  CHECK(rows[2].rule == "node");
  CHECK(rows[4].rule == "again");
  CHECK(rows[2].cosine == rows[4].cosine);
  CHECK(rows[2].cosine.has_value());
}
