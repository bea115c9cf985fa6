// SPDX-License-Identifier: Apache-2.0
// Rules of spikes that watch: what they would change, beside the rules that drive.
#include "training/spiking_alignment.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/random.hpp"
#include "real_rule.hpp"
#include "tiny_spikes.hpp"
#include "training/spiking_trainer.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

SpikingSpec network() {
  SpikingSpec spec = tiny_spikes(6, 4, {.type = "uniform", .low = 20, .high = 40}, 50);
  spec.layers[0].source = {.type = "poisson", .rate = 60};
  spec.layers[1].leaky = {.model = "current", .tau = 20, .refractory = 4, .excitatory_tau = 5};
  spec.presentation.show = 200;
  spec.presentation.rest = 50;
  return spec;
}

Split<double> data() {
  Random random(8, "spiking alignment");
  Split<double> split;
  split.train.inputs.set_size(6, 10);
  for (double& x : split.train.inputs) x = random.uniform();
  split.train.targets.ones(1, 10);
  split.train.labels.assign(10, 0);
  split.test = split.train;
  return split;
}

TrainingSpec training() {
  TrainingSpec spec;
  spec.epochs = 2;
  spec.evaluate_every = 5;
  spec.loss.type = "none";
  spec.reward.type = "none";
  return spec;
}

struct Trained {
  arma::mat weights;
  std::vector<AlignmentRow> rows;
};

Trained train(const std::vector<DriveSpec>& drives, const std::optional<AlignmentPlan>& plan) {
  const Split<double> split = data();
  SpikingTrainer<double> trainer(network(), training(), drives, split, 1);
  if (plan) trainer.watch(*plan);
  REQUIRE(trainer.train_epoch({}, {}));
  REQUIRE(trainer.train_epoch({}, {}));
  return {trainer.network().weights(0), trainer.take_alignment()};
}

const nlohmann::json k_both = {{"a_plus", 0.5}, {"a_minus", 0.3}};

}  // namespace

TEST_CASE("a rule of spikes that watches itself is at angle 0 with the same length, to the bit") {
  const RealRule stdp("stdp", k_both);
  const Trained trained =
      train({stdp.drive({"in>out"})},
            AlignmentPlan{.shadows = {{"self", stdp.drive({"in>out"})}}, .length = 3});
  REQUIRE(trained.rows.size() == 8);  // after 5, 10, 15 and 20 samples, the whole and its part
  for (const AlignmentRow& row : trained.rows) {
    CHECK(row.updates == 3);
    CHECK(row.cosine == 1);
    CHECK(row.sum_cosine == 1);
    CHECK(row.norm_ratio == 1);
    CHECK(row.sign_agreement == 1);
  }
  CHECK(trained.rows.front().epoch == 0.5);
  CHECK(trained.rows.back().epoch == 2);
}

TEST_CASE("twice the amplitudes watch at twice the length, opposite ones at 180 degrees") {
  const RealRule stdp("stdp", k_both), twice("stdp", {{"a_plus", 1.0}, {"a_minus", 0.6}}),
      growth("stdp", {{"a_plus", 0.5}, {"a_minus", 0.0}}),
      decline("stdp", {{"a_plus", 0.0}, {"a_minus", 0.3}});
  const auto rows = train({stdp.drive({"in>out"})},
                          AlignmentPlan{.reference = growth.drive({"in>out"}),
                                        .shadows = {{"growth", growth.drive({"in>out"})},
                                                    {"decline", decline.drive({"in>out"})}},
                                        .length = 5})
                        .rows;
  double drives = 0;
  for (const AlignmentRow& row : rows) {
    if (row.rule.empty()) drives = *row.cosine;
    if (row.rule == "growth") CHECK(row.cosine == 1);
    if (row.rule == "decline") CHECK(*row.sign_agreement == 0);
    if (row.rule == "decline") CHECK(*row.cosine < -0.5);
  }
  CHECK(drives < 1);
  for (const AlignmentRow& row :
       train({stdp.drive({"in>out"})},
             AlignmentPlan{.shadows = {{"twice", twice.drive({"in>out"})}}})
           .rows) {
    CHECK(*row.cosine == doctest::Approx(1));
    CHECK(*row.norm_ratio == doctest::Approx(2));
  }
}

TEST_CASE("the bits of spikes and weights do not depend on who watches") {
  const RealRule stdp("stdp", k_both), other("stdp", {{"a_plus", 1.0}, {"a_minus", 0.1}});
  const arma::mat alone = train({stdp.drive({"in>out"})}, {}).weights;
  const arma::mat watched =
      train({stdp.drive({"in>out"})},
            AlignmentPlan{.shadows = {{"other", other.drive({"in>out"})}}, .length = 4})
          .weights;
  CHECK(arma::approx_equal(alone, watched, "absdiff", 0.0));
  CHECK(arma::abs(alone).max() > 0);
}
