// SPDX-License-Identifier: Apache-2.0
// The cosine between what a rule proposes and what one that watches would.
#include <deltaw/abi.h>
#include <doctest/doctest.h>

#include <cmath>

#include "training/trial_trainer.hpp"

using namespace deltaw;

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

template <int second>
double alignment_with(std::size_t trials) {
  const auto task = make_trial_task({});
  TrainingSpec training;
  training.loss.type = "absolute";
  TrialTrainer<double> trainer(small(), training, {drive<1>()}, *task, 1);
  trainer.set_shadow(drive<second>());
  CHECK(!trainer.take_alignment());
  (void)trainer.train_trial(false);
  CHECK(!trainer.take_alignment());
  for (std::size_t i = 0; i < trials; ++i) (void)trainer.train_trial(true);
  CHECK(arma::approx_equal(trainer.network().weights(0),
                           arma::mat(1, 2, arma::fill::value(0.001 * double(trials + 1))),
                           "absdiff", 1e-12));
  return trainer.take_alignment().value();
}

}  // namespace

TEST_CASE("a rule is aligned with itself, orthogonal to another, at 45 degrees to a third") {
  CHECK(alignment_with<1>(3) == doctest::Approx(1));
  CHECK(alignment_with<-1>(3) == doctest::Approx(0));
  CHECK(alignment_with<0>(2) == doctest::Approx(std::sqrt(0.5)));
}
