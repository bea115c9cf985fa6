// SPDX-License-Identifier: Apache-2.0
// What a rule sees that learns from reward without being told of the noise that made it.
#include <deltaw/abi.h>
#include <doctest/doctest.h>

#include <cmath>

#include "training/static_trainer.hpp"

using namespace deltaw;

namespace {

// What the rule below was shown, since the start of the test.
struct Seen {
  int updates = 0;
  bool is_noise_hidden = true;
  double advantage = 0;  // sum of |reward - baseline|
};
Seen seen;

deltaw_status prepare(void*, const deltaw_shape*, deltaw_error*) { return DELTAW_OK; }
void ignore(void*) {}

// A constant proposal of 1 for every weight.
deltaw_status update(void*, const deltaw_block* block, const deltaw_matrix* deltas, std::uint64_t,
                     deltaw_error*) {
  const deltaw_matrix& reward = *block->signals[DELTAW_REWARD];
  const deltaw_matrix& baseline = *block->signals[DELTAW_BASELINE];
  ++seen.updates;
  seen.is_noise_hidden &= block->signals[DELTAW_PERTURBATION] == nullptr;
  for (std::uint64_t k = 0; k < block->columns; ++k) {
    seen.advantage +=
        std::abs(static_cast<double*>(reward.data)[k] - static_cast<double*>(baseline.data)[k]);
  }
  for (std::uint64_t i = 0; i < deltas->rows * deltas->cols; ++i) {
    static_cast<double*>(deltas->data)[i] += 1;
  }
  return DELTAW_OK;
}

deltaw_status create(const deltaw_host*, const char*, const deltaw_param*, std::uint64_t,
                     deltaw_rule* out, deltaw_error*) {
  *out = {};
  out->struct_size = sizeof *out;
  out->prepare = &prepare;
  out->update = &update;
  out->reset = out->destroy = &ignore;
  return DELTAW_OK;
}

}  // namespace

TEST_CASE("a rule that declares reward alone explores, unseen, and learns from every draw") {
  Split<double> data;
  data.train.inputs = arma::mat(2, 10, arma::fill::ones);
  data.train.targets = arma::mat(3, 10, arma::fill::ones);
  data.train.labels.assign(10, 0);
  NetworkSpec network;
  network.layers = {{.name = "in", .units = 2}, {.name = "out", .units = 3, .bias = false}};
  network.connections = {{.from = "in", .to = "out", .init = {.type = "zeros"}}};
  TrainingSpec training;
  training.batch = 4;
  training.loss.type = "mse";
  training.exploration = {.deviation = 0.1, .draws = 2};
  deltaw_plugin plugin{};
  plugin.create = &create;
  DriveSpec drive;
  drive.plugin = &plugin;
  drive.rule.id = "reward-only";
  drive.rule.scope = Scope::local;
  drive.rule.dynamics = {Dynamics::fixed};
  drive.rule.capabilities = DELTAW_CAP_F64;
  drive.rule.signals = DELTAW_SIGNAL_BIT(DELTAW_REWARD) | DELTAW_SIGNAL_BIT(DELTAW_BASELINE);
  drive.connections = {"in>out"};
  drive.optimizer.rate = 0.5;

  seen = {};
  StaticTrainer<double> trainer(network, training, {drive}, data, 1);
  REQUIRE(trainer.train_epoch());
  CHECK(seen.updates == 3 * 2);  // batches of 4, 4 and 2, two draws each
  CHECK(seen.advantage > 0);
  CHECK(seen.is_noise_hidden);
  // The mean of two proposals of 1, three times: 3 * 0.5.
  CHECK(arma::approx_equal(trainer.network().weights(0), arma::mat(3, 2, arma::fill::value(1.5)),
                           "absdiff", 1e-15));
}
