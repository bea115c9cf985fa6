// SPDX-License-Identifier: Apache-2.0
// Synapses that do not exist stay that way, whatever a rule proposes and an optimizer makes of it.
#include <doctest/doctest.h>

#include "tiny_trials.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// After three trials of a rule that wants every weight changed.
void check_absent(const NetworkSpec& network, const TrainingSpec& training,
                  const OptimizerSpec& optimizer, std::uint64_t signals) {
  const TinyTask task;
  DriveSpec drive =
      watch(signals, [](const Shown&) { return arma::mat(6, 6, arma::fill::value(0.3)); });
  drive.optimizer = optimizer;
  drive.optimizer.rate = 0.05;
  drive.optimizer.weight_decay = 0.1;
  TrialTrainer<double> trainer(network, training, {drive}, task, 1);
  const arma::mat before = weights_of(trainer.network())[1];
  const auto absent = arma::uvec(arma::find(before == 0));
  REQUIRE(absent.n_elem > 5);
  REQUIRE(absent.n_elem < 31);
  for (int trial = 0; trial < 3; ++trial) trainer.train_trial();
  const arma::mat after = weights_of(trainer.network())[1];
  CHECK(arma::all(after.elem(absent) == 0));
  CHECK(arma::all(after.elem(arma::uvec(arma::find(before != 0))) !=
                  before.elem(arma::uvec(arma::find(before != 0)))));
}

NetworkSpec sparse_network() {
  NetworkSpec network = tiny_network();
  network.connections[1].density = 0.5;
  return network;
}

}  // namespace

TEST_CASE("absent synapses stay 0 under every optimizer with weight decay") {
  for (const char* type :
       {"sgd", "momentum", "nesterov", "rmsprop", "adam", "adadelta", "exponentiated-gradient"}) {
    CAPTURE(type);
    OptimizerSpec optimizer;
    optimizer.type = type;
    check_absent(sparse_network(), tiny_training(), optimizer, k_reward);
  }
}

TEST_CASE("absent synapses stay 0 under noise on weights") {
  TrainingSpec training = tiny_training();
  training.exploration = {.weight_deviation = 0.1};
  check_absent(sparse_network(), training, {},
               k_reward | bits({DELTAW_WEIGHT_PERTURBATION, DELTAW_WEIGHTS}));
}

TEST_CASE("absent synapses stay 0 also where bounds allow no weight to be 0") {
  NetworkSpec network = sparse_network();
  network.connections[1].constraint = {.has_bounds = true, .low = 0.1, .high = 2};
  check_absent(network, tiny_training(), {}, k_reward);
}
