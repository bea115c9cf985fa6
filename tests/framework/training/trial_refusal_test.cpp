// SPDX-License-Identifier: Apache-2.0
// Trainings on trials that cannot be, or that diverge: each a named error.
#include <doctest/doctest.h>

#include <limits>

#include "error_of.hpp"
#include "tiny_trials.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// The text of the error of making that trainer.
template <class Task = TinyTask>
std::string refusal(const NetworkSpec& network, const TrainingSpec& training,
                    const DriveSpec& drive, const Task& task = Task()) {
  return error_of([&] { TrialTrainer<float>(network, training, {drive}, task, 1); }).text();
}

DriveSpec seeing(std::uint64_t signals) { return watch(signals); }

}  // namespace

TEST_CASE("a static network cannot be trained on trials, nor a rule for static networks do it") {
  NetworkSpec still = tiny_network();
  still.layers[1].dynamics = {};
  still.connections.erase(still.connections.begin() + 1);
  CHECK(refusal(still, tiny_training(), seeing(k_reward)) ==
        "error[E204] a task in trials needs a network with time\n  expected a layer with dynamics, "
        "found a static network\n  try: \"dynamics\": \"rate\" on a layer");
  DriveSpec drive = seeing(k_reward);
  drive.rule.dynamics = {Dynamics::fixed};
  CHECK(refusal(tiny_network(), tiny_training(), drive)
            .starts_with("error[E204] rule 'watcher' cannot drive a network with time\n  expected "
                         "dynamics static"));
  drive = seeing(k_reward);
  drive.rule.grain = Grain::step;
  CHECK(refusal(tiny_network(), tiny_training(), drive) ==
        "error[E204] rule 'watcher' has grain 'step'\n  expected batch or trial: weights change "
        "after a trial, found a network with time");
}

TEST_CASE("input and output must be as wide as the task") {
  const TinyTask wide(40, 3);
  CHECK(refusal(tiny_network(), tiny_training(), seeing(k_reward), wide) ==
        "error[E205] layer 'input' does not fit the task\n  expected 3 units, one for each "
        "channel, found 2\n  try: \"units\": 3");
  NetworkSpec network = tiny_network();
  network.layers[2].units = 2;
  CHECK(refusal(network, tiny_training(), seeing(k_reward)) ==
        "error[E205] layer 'output' does not fit the task\n  expected 1 units, one for each "
        "output, found 2\n  try: \"units\": 1");
}

TEST_CASE("a trial beyond the machine's memory is refused before anything is allocated") {
  const TinyTask eternal(std::size_t{1} << 50);
  const std::string text = refusal(tiny_network(), tiny_training(), seeing(k_reward), eternal);
  CHECK(text.starts_with("error[E003] a trial of 1125899906842624 steps does not fit into memory"));
  // 9 units and the constant one, five numbers of 4 bytes each step.
  CHECK(text.find("found 209715200.0 GiB") != std::string::npos);
  CHECK(text.find("try: a shorter trial, a larger \"dt\", or fewer units") != std::string::npos);
}

TEST_CASE("a rule that must see noise needs some, one that sees rewards alone does not") {
  TrainingSpec quiet = tiny_training();
  quiet.exploration = {};
  CHECK(
      refusal(tiny_network(), quiet, seeing(k_reward | k_noise)) ==
      "error[E206] rule 'watcher' needs perturbation, which connection 'recurrent>recurrent' does "
      "not have: the experiment sets no exploration\n  try: \"exploration\": {\"rate\": 3, "
      "\"amplitude\": 16} under \"training\"");
  CHECK(refusal(tiny_network(), tiny_training(),
                seeing(k_reward | bits({DELTAW_WEIGHT_PERTURBATION})))
            .find("the experiment sets no noise on weights") != std::string::npos);
  CHECK(refusal(tiny_network(), tiny_training(), seeing(bits({DELTAW_ERROR})))
            .find("only the output layer has a target") != std::string::npos);
  const TinyTask task;
  TrialTrainer<float> trainer(tiny_network(), quiet, {seeing(k_reward)}, task, 1);
  trainer.train_trial();
  CHECK(watcher.shown.size() == 1);
}

TEST_CASE("initialisers that need samples are refused in trials") {
  NetworkSpec network = tiny_network();
  network.connections[0].init = {.type = "balance"};
  CHECK(refusal(network, tiny_training(), seeing(k_reward)) ==
        "error[E503] connection 'input>recurrent' cannot be balanced: the task has no data set\n  "
        "try: another initialiser");
}

TEST_CASE("activity that diverges is named: trial, unit and step") {
  NetworkSpec network = tiny_network();
  network.layers[1].activation.type = "linear";
  const TinyTask task;
  TrialTrainer<float> trainer(network, tiny_training(), {seeing(k_reward)}, task, 1);
  trainer.train_trial();
  arma::fmat own = trainer.network().weights(1);
  own.zeros();
  own(3, 3) = -1e30f;  // x = (1 - 0.1) x - 0.1 * 1e30 x at every step: beyond float in the second
  const Error error = error_of([&] { trainer.train_trial(); });
  CHECK(error.code() == Code::E304);
  CHECK_MESSAGE(error.headline().starts_with("in trial 2: the potential of unit 3 became "),
                error.headline());
  CHECK(error.headline().ends_with("inf at step 1"));
  CHECK_FALSE(error.detail().hint.empty());

  const Error tested = error_of([&] { (void)trainer.error_of(task.trial(1, 0), "test", 0); });
  CHECK_MESSAGE(
      tested.headline().starts_with("in a test after trial 1: the potential of unit 3 became "),
      tested.headline());
}

TEST_CASE("weights without their noise are left behind when the perturbed pass diverges") {
  NetworkSpec network = tiny_network();
  network.layers[1].activation.type = "linear";
  TrainingSpec training = tiny_training();
  training.exploration = {.weight_deviation = 1e30};
  const TinyTask task;
  TrialTrainer<double> trainer(network, training,
                               {seeing(k_reward | bits({DELTAW_WEIGHT_PERTURBATION}))}, task, 1);
  const auto before = weights_of(trainer.network());
  CHECK(error_of([&] { trainer.train_trial(); }).code() == Code::E304);
  CHECK(arma::approx_equal(weights_of(trainer.network())[1], before[1], "absdiff", 0));
}

TEST_CASE("an output that is no longer finite ends the run, also where nothing has time") {
  const TinyTask task;
  TrialTrainer<float> trainer(tiny_network(), tiny_training(), {seeing(k_activity)}, task, 1);
  arma::fmat readout = trainer.network().weights(2);
  readout(0, 2) = std::numeric_limits<float>::infinity();
  CHECK(error_of([&] { trainer.train_trial(); }).headline() == "in trial 1: the error became inf");
  TrialTrainer<float> rewarded(tiny_network(), tiny_training(), {seeing(k_reward)}, task, 1);
  arma::fmat weights = rewarded.network().weights(2);
  weights(0, 2) = std::numeric_limits<float>::infinity();
  CHECK(error_of([&] { rewarded.train_trial(); }).headline() ==
        "in trial 1: the reward of a trial became -inf");
}
