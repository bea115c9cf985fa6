// SPDX-License-Identifier: Apache-2.0
// Training by the shipped rules that compare two phases.
#include <doctest/doctest.h>

#include "core/random.hpp"
#include "interrupted.hpp"
#include "real_rule.hpp"
#include "training/static_trainer.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

// Three classes of noisy corners, behind three inputs for the label.
Split<float> corners() {
  Random random(11, "corners");
  Split<float> split;
  for (Partition<float>* part : {&split.train, &split.test}) {
    const std::size_t n = 90;
    part->inputs.set_size(7, n);
    part->inputs.head_rows(3).fill(1.0F / 3);
    part->targets.zeros(3, n);
    for (std::size_t k = 0; k < n; ++k) {
      const auto label = static_cast<std::uint32_t>(k % 3);
      part->labels.push_back(label);
      part->targets(label, k) = 1;
      for (std::size_t i = 0; i < 4; ++i) {
        part->inputs(3 + i, k) = static_cast<float>((i == label ? 1 : 0) + 0.2 * random.normal());
      }
    }
  }
  return split;
}

LayerSpec layer(const char* name, std::size_t units, const char* activation) {
  LayerSpec spec;
  spec.name = name;
  spec.units = units;
  spec.activation.type = activation;
  return spec;
}

NetworkSpec chain(std::vector<LayerSpec> layers) {
  NetworkSpec spec{std::move(layers), {}};
  for (std::size_t i = 1; i < spec.layers.size(); ++i) {
    spec.connections.emplace_back().from = spec.layers[i - 1].name;
    spec.connections.back().to = spec.layers[i].name;
  }
  return spec;
}

// A trainer with all that it needs.
struct Run {
  explicit Run(bool is_nudged)
      : trainer(network(is_nudged), training(is_nudged), drives(is_nudged), data, 1) {}

  const RealRule nudge{"equilibrium-propagation"}, contrast{"forward-forward"},
      readout{"delta-rule"};
  const Split<float> data = corners();
  StaticTrainer<float> trainer;

 private:
  [[nodiscard]] std::vector<DriveSpec> drives(bool is_nudged) const {
    if (is_nudged) {
      return {nudge.drive({"input>hidden", "hidden.bias", "hidden>output", "output.bias"}, 0.3)};
    }
    return {contrast.drive({"input>hidden", "hidden.bias"}, 0.3),
            readout.drive({"equal>output", "output.bias"}, 0.5)};
  }
  static NetworkSpec network(bool is_nudged) {
    if (!is_nudged) {
      LayerSpec equal;
      equal.name = "equal";
      equal.type = "normalise";
      return chain({layer("input", 7, "linear"), layer("hidden", 12, "relu"), equal,
                    layer("output", 3, "softmax")});
    }
    NetworkSpec spec = chain(
        {layer("input", 7, "linear"), layer("hidden", 12, "tanh"), layer("output", 3, "sigmoid")});
    spec.settling = {.free_steps = 30, .nudged_steps = 10};
    return spec;
  }
  static TrainingSpec training(bool is_nudged) {
    TrainingSpec spec;
    spec.epochs = 30;
    spec.batch = 16;
    spec.has_label_inputs = true;
    if (is_nudged) spec.loss.type = "mse";
    return spec;
  }
};

std::vector<arma::fmat> weights(const Run& run) {
  std::vector<arma::fmat> all;
  for (std::size_t c = 0; c < run.trainer.network().graph().connections.size(); ++c) {
    const arma::fmat w = run.trainer.network().weights(c);
    all.emplace_back(w.memptr(), w.n_rows, w.n_cols);
  }
  return all;
}

bool same(const std::vector<arma::fmat>& a, const std::vector<arma::fmat>& b) {
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (!arma::approx_equal(a[c], b[c], "absdiff", 0)) return false;
  }
  return a.size() == b.size();
}

}  // namespace

TEST_CASE("rules with two phases learn three separable classes") {
  for (const bool is_nudged : {true, false}) {
    CAPTURE(is_nudged);
    Run run(is_nudged);
    CHECK(run.trainer.evaluator().score(run.data.test).accuracy < 0.8);
    while (run.trainer.epoch() < 30) REQUIRE(run.trainer.train_epoch());
    CHECK(run.trainer.evaluator().score(run.data.test).accuracy > 0.95);
  }
}

TEST_CASE("a run with phases that was interrupted within an epoch ends in the same bits") {
  for (const bool is_nudged : {true, false}) {
    CAPTURE(is_nudged);
    Run whole(is_nudged), first(is_nudged), second(is_nudged);
    for (int epoch = 0; epoch < 3; ++epoch) REQUIRE(whole.trainer.train_epoch());
    test::interrupt(first.trainer, second.trainer, 3);
    CHECK(same(weights(second), weights(whole)));
    CHECK_FALSE(same(weights(first), weights(whole)));
    CHECK(second.trainer.work() == whole.trainer.work());
  }
}
