// SPDX-License-Identifier: Apache-2.0
// The training loop, driven by the real backpropagation rule linked in through its ABI table.
#include "training/static_trainer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../../../plugins/backprop/backprop.cpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "core/state.hpp"
#include "count_allocations.hpp"

using namespace deltaw;

namespace {

// Three classes of noisy points around corners of a cube.
template <class T>
Split<T> blobs() {
  Random random(11, "blobs");
  Split<T> split;
  for (Partition<T>* part : {&split.train, &split.test}) {
    const std::size_t n = 90;
    part->inputs.set_size(4, n);
    part->targets.zeros(3, n);
    for (std::size_t k = 0; k < n; ++k) {
      const auto label = static_cast<std::uint32_t>(k % 3);
      part->labels.push_back(label);
      part->targets(label, k) = 1;
      for (std::size_t i = 0; i < 4; ++i) {
        part->inputs(i, k) = static_cast<T>((i == label ? 1 : 0) + 0.2 * random.normal());
      }
    }
  }
  return split;
}

NetworkSpec network(std::size_t outputs = 3) {
  NetworkSpec spec;
  spec.layers.resize(3);
  spec.layers[0].name = "input";
  spec.layers[0].units = 4;
  spec.layers[1].name = "hidden";
  spec.layers[1].units = 8;
  spec.layers[1].activation.type = "tanh";
  spec.layers[2].name = "output";
  spec.layers[2].units = outputs;
  spec.layers[2].activation.type = "softmax";
  spec.connections.resize(2);
  spec.connections[0].from = "input";
  spec.connections[0].to = "hidden";
  spec.connections[1].from = "hidden";
  spec.connections[1].to = "output";
  return spec;
}

DriveSpec backprop(double rate = 0.5) {
  DriveSpec drive;
  drive.plugin = deltaw_plugin_entry();
  drive.rule.id = "backprop";
  drive.rule.version = "1.0.0";
  drive.rule.scope = Scope::network;
  drive.rule.locality = Locality::network;
  drive.rule.dynamics = {Dynamics::fixed};
  drive.rule.capabilities = DELTAW_CAP_F32 | DELTAW_CAP_F64;
  drive.connections = {"hidden.bias", "output.bias", "input>hidden", "hidden>output"};
  drive.optimizer.type = "momentum";
  drive.optimizer.rate = rate / 10;
  return drive;
}

template <class T>
arma::Mat<T> copy_of(const arma::Mat<T>& shared) {
  return arma::Mat<T>(shared.memptr(), shared.n_rows, shared.n_cols);
}

template <class T>
std::vector<arma::Mat<T>> all_weights(const StaticTrainer<T>& trainer) {
  std::vector<arma::Mat<T>> all;
  for (std::size_t c = 0; c < trainer.network().graph().connections.size(); ++c) {
    all.push_back(copy_of<T>(trainer.network().weights(c)));
  }
  return all;
}

template <class T>
bool same_bits(const std::vector<arma::Mat<T>>& a, const std::vector<arma::Mat<T>>& b) {
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (!arma::approx_equal(a[c], b[c], "absdiff", 0)) return false;
  }
  return a.size() == b.size();
}

}  // namespace

TEST_CASE_TEMPLATE("a network learns three separable classes", T, float, double) {
  const Split<T> data = blobs<T>();
  TrainingSpec training;
  training.epochs = 30;
  training.batch = 16;
  StaticTrainer<T> trainer(network(), training, {backprop()}, data, 1);
  const Score before = trainer.evaluator().score(data.test);
  for (std::size_t e = 0; e < training.epochs; ++e) CHECK(trainer.train_epoch());
  const Score after = trainer.evaluator().score(data.test);
  CHECK(before.accuracy < 0.8);
  CHECK(after.accuracy > 0.95);
  CHECK(after.loss < before.loss);
  CHECK(trainer.updates() == 30 * 6);  // 90 samples in batches of 16
  const auto counts = trainer.evaluator().confusion(data.test);
  CHECK(arma::accu(counts) == 90);
  CHECK(static_cast<double>(arma::trace(counts)) / 90 == doctest::Approx(after.accuracy));
}

TEST_CASE("one batch of plain gradient descent takes W to W - rate dL/dW") {
  const Split<double> data = blobs<double>();
  TrainingSpec training;
  training.batch = 90;
  DriveSpec drive = backprop();
  drive.optimizer = OptimizerSpec{};
  drive.optimizer.rate = 0.25;
  StaticTrainer<double> trainer(network(), training, {drive}, data, 1);
  const auto before = all_weights(trainer);
  const std::size_t place = 3;  // hidden>output
  arma::mat gradient(3, 8);
  for (arma::uword i = 0; i < gradient.n_elem; ++i) {
    arma::mat shared = trainer.network().weights(place);
    const double w = shared[i], step = 1e-5;
    shared[i] = w + step;
    const double up = trainer.evaluator().score(data.train).loss;
    shared[i] = w - step;
    const double down = trainer.evaluator().score(data.train).loss;
    shared[i] = w;
    gradient[i] = (up - down) / (2 * step);
  }
  REQUIRE(trainer.train_epoch());
  const arma::mat expected = before[place] - 0.25 * gradient;
  CHECK(arma::approx_equal(all_weights(trainer)[place], expected, "absdiff", 1e-8));
}

TEST_CASE_TEMPLATE("same seed, same bits; another seed, other weights", T, float, double) {
  const Split<T> data = blobs<T>();
  const auto trained = [&](std::uint64_t seed) {
    StaticTrainer<T> trainer(network(), {}, {backprop()}, data, seed);
    for (int e = 0; e < 3; ++e) (void)trainer.train_epoch();
    return all_weights(trainer);
  };
  CHECK(same_bits(trained(1), trained(1)));
  CHECK(!same_bits(trained(1), trained(2)));
}

TEST_CASE_TEMPLATE("a resumed run ends in the same bits as an uninterrupted one", T, float,
                   double) {
  const Split<T> data = blobs<T>();
  StaticTrainer<T> whole(network(), {}, {backprop()}, data, 4);
  StaticTrainer<T> first(network(), {}, {backprop()}, data, 4);
  for (int e = 0; e < 5; ++e) (void)whole.train_epoch();
  for (int e = 0; e < 2; ++e) (void)first.train_epoch();
  StateWriter writer;
  first.save(writer);
  StaticTrainer<T> second(network(), {}, {backprop()}, data, 4);
  StateReader reader(writer.bytes());
  second.load(reader);
  reader.finish();
  CHECK(second.epoch() == 2);
  for (int e = 0; e < 3; ++e) (void)second.train_epoch();
  CHECK(same_bits(all_weights(whole), all_weights(second)));
}

TEST_CASE("training allocates nothing after the first epoch") {
  if (!k_counts_allocations) return;
  const Split<float> data = blobs<float>();
  StaticTrainer<float> trainer(network(), {}, {backprop()}, data, 1);
  CHECK(testing::count_allocations([&] { (void)trainer.train_epoch(); }) == 0);
}

TEST_CASE("a stopped epoch says so and does not count") {
  const Split<float> data = blobs<float>();
  StaticTrainer<float> trainer(network(), {}, {backprop()}, data, 1);
  std::stop_source stop;
  stop.request_stop();
  CHECK(!trainer.train_epoch(stop.get_token()));
  CHECK(trainer.epoch() == 0);
}

TEST_CASE("divergence is named: which weight, which layer, which update") {
  const Split<float> data = blobs<float>();
  DriveSpec wild = backprop();
  wild.optimizer = OptimizerSpec{};
  wild.optimizer.rate = 1e38;
  NetworkSpec linear = network();
  linear.layers[1].activation.type = "linear";
  TrainingSpec training;
  training.loss.type = "mse";
  StaticTrainer<float> trainer(linear, training, {wild}, data, 1);
  const auto run = [&] {
    for (int e = 0; e < 10; ++e) (void)trainer.train_epoch();
  };
  CHECK_THROWS_WITH_AS(run(), doctest::Contains("error[E304]"), Error);

  StaticTrainer<float> broken(network(), {}, {backprop()}, data, 1);
  REQUIRE(broken.train_epoch());
  arma::fmat weights = broken.network().weights(2);
  weights(1, 3) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH_AS(
      (void)broken.train_epoch(),
      doctest::Contains(
          "error[E304] weight (1, 3) of connection 'input>hidden' into layer 'hidden' "
          "became nan by update 3 (epoch 2)"),
      Error);
}

TEST_CASE("networks that do not fit the data, and rules that do not fit, are refused") {
  const Split<float> data = blobs<float>();
  const auto refusal = [&](const NetworkSpec& spec, const DriveSpec& drive) {
    try {
      StaticTrainer<float> trainer(spec, {}, {drive}, data, 1);
    } catch (const Error& error) {
      return error.text();
    }
    return std::string();
  };
  CHECK(refusal(network(4), backprop()) ==
        "error[E205] layer 'output' does not fit the data\n  expected 3 units, one for each class, "
        "found 4\n  try: \"units\": 3");
  NetworkSpec moving = network();
  moving.layers[1].dynamics.type = "rate";
  CHECK(refusal(moving, backprop())
            .starts_with("error[E204] a data set needs a static network\n  expected layers without "
                         "dynamics, found a network with time"));
  DriveSpec drive = backprop();
  drive.rule.dynamics = {Dynamics::rate, Dynamics::spiking};
  CHECK(refusal(network(), drive) ==
        "error[E204] rule 'backprop' cannot drive a static network\n  expected dynamics rate or "
        "spiking, found a static network\n  try: deltaw rules lists what each rule supports");
  drive = backprop();
  drive.rule.capabilities = DELTAW_CAP_F64;
  CHECK(refusal(network(), drive)
            .starts_with("error[E203] rule 'backprop' does not work in float32"));
  drive = backprop();
  drive.rule.scope = Scope::local;  // so the service that it asks for is refused
  CHECK(refusal(network(), drive).find("the host does not offer deltaw.network/1") !=
        std::string::npos);
  drive.rule.signals = DELTAW_SIGNAL_BIT(DELTAW_ERROR);
  CHECK(refusal(network(), drive)
            .starts_with("error[E206] rule 'backprop' needs error, which connection 'hidden.bias' "
                         "does not have"));
  drive.rule.signals = DELTAW_SIGNAL_BIT(DELTAW_REWARD);
  CHECK(refusal(network(), drive).find("sets no exploration") != std::string::npos);
  drive = backprop();
  drive.rule.signals = DELTAW_SIGNAL_BIT(DELTAW_REWARD);
  CHECK(refusal(network(), drive)
            .starts_with(
                "error[E206] rule 'backprop' needs reward, which a network does not show to a "
                "rule of network scope"));
  drive = backprop();
  drive.connections = {"hiden>output"};
  CHECK(refusal(network(), drive).find("did you mean 'hidden>output'?") != std::string::npos);
}
