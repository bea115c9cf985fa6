// SPDX-License-Identifier: Apache-2.0
// When a rule of spikes is told a reward, and how large it is: worked out by hand for two units
// that stand for two classes.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "core/error.hpp"
#include "core/state.hpp"
#include "error_of.hpp"
#include "scripted_rule.hpp"
#include "tiny_spikes.hpp"
#include "training/class_answer.hpp"
#include "training/spiking_trainer.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

constexpr std::uint64_t k_signals =
    DELTAW_SIGNAL_BIT(DELTAW_SPIKES_PRE) | DELTAW_SIGNAL_BIT(DELTAW_SPIKES_POST) |
    DELTAW_SIGNAL_BIT(DELTAW_DELAYS) | DELTAW_SIGNAL_BIT(DELTAW_REWARD);

// Each source drives its own unit over threshold, a step after its spike.
SpikingSpec network() {
  SpikingSpec spec = tiny_spikes(2, 2, {.type = "constant", .value = 30}, 31);
  spec.connections[0].pattern = "one-to-one";
  spec.layers[0].source = {.type = "latency", .window = 20};
  spec.layers[1].leaky = {.model = "current", .tau = 10, .excitatory_tau = 0, .inhibitory_tau = 0};
  spec.presentation.show = 30;
  spec.presentation.rest = 10;
  return spec;
}

Split<double> samples(const arma::mat& inputs, std::vector<std::uint32_t> labels) {
  Split<double> split;
  split.train.inputs = inputs;
  split.train.targets.zeros(2, labels.size());
  split.train.labels = std::move(labels);
  return split;
}

TrainingSpec rewarded(const RewardSpec& reward, std::size_t epochs = 3) {
  TrainingSpec training;
  training.epochs = epochs;
  training.loss.type = "none";
  training.reward = reward;
  return training;
}

// Step, whether there was a spike, the reward: of updates that had one.
using Told = std::tuple<std::uint64_t, bool, double>;

struct Listening {
  std::vector<Told> told;
  std::size_t updates = 0;
  ScriptedRule rule{"listens", k_signals, [this](const deltaw_block& block, const deltaw_matrix&) {
                      ++updates;
                      const deltaw_matrix* reward = block.signals[DELTAW_REWARD];
                      if (reward == nullptr) return;
                      CHECK(reward->rows * reward->cols == 1);
                      const bool is_event = block.signals[DELTAW_SPIKES_PRE]->cols +
                                                block.signals[DELTAW_SPIKES_POST]->cols >
                                            0;
                      told.emplace_back(block.step, is_event, at(*reward, 0, 0));
                    }};

  [[nodiscard]] DriveSpec drive() const {
    DriveSpec drive = rule.drive({"in>out"});
    drive.rule.dynamics = {Dynamics::spiking};
    drive.rule.grain = Grain::step;
    drive.rule.capabilities |= DELTAW_CAP_IN_PLACE;
    return drive;
  }
};

std::vector<Told> told_of(const SpikingSpec& spec, const TrainingSpec& training,
                          const Split<double>& split) {
  Listening listening;
  SpikingTrainer<double> trainer(spec, training, {listening.drive()}, split, 1);
  for (std::size_t epoch = 0; epoch < training.epochs; ++epoch) {
    REQUIRE(trainer.train_epoch({}, {}));
  }
  return listening.told;
}

const arma::vec k_first{0.75, 0}, k_both{0.75, 0.5}, k_none{0, 0};

}  // namespace

TEST_CASE("units are assigned to classes in blocks, and most spikes together answer") {
  CHECK(class_answer(arma::vec{1, 2, 2, 2}, 2) == std::optional<std::uint32_t>(1));
  CHECK(class_answer(arma::vec{5, 0, 2, 2}, 2) == std::optional<std::uint32_t>(0));
  CHECK(class_answer(arma::vec{1, 3, 2, 2}, 2) == std::nullopt);
  CHECK(class_answer(arma::vec{0, 0, 0}, 3) == std::nullopt);
  CHECK(class_answer(arma::vec{1, 1, 2}, 3) == std::optional<std::uint32_t>(2));
  CHECK(share_right(arma::mat{{2, 0, 1, 0}, {1, 3, 1, 1}}, 2, {0, 1, 0, 0}) == 0.5);
}

TEST_CASE("a reward comes once a presentation, with the update that closes it") {
  const RewardSpec plain{.offset = 0.25, .baseline = "none"};
  const double right = 0.25, wrong = -0.75;
  const auto told = [&](const arma::mat& inputs, std::uint32_t label) {
    return told_of(network(), rewarded(plain), samples(inputs, {label}));
  };
  const auto thrice = [](double reward) {
    return std::vector<Told>{{39, false, reward}, {79, false, reward}, {119, false, reward}};
  };
  CHECK(told(k_first, 0) == thrice(right));
  CHECK(told(k_first, 1) == thrice(wrong));
  CHECK(told(k_both, 0) == thrice(wrong));  // both units spiked once
  CHECK(told(k_both, 1) == thrice(wrong));
  CHECK(told(k_none, 0) == thrice(wrong));
}

TEST_CASE("spikes in the rest are no answer") {
  SpikingSpec spec = network();
  spec.presentation.show = 6;  // the source spikes at 5 ms, and the unit at 6
  CHECK(told_of(spec, rewarded({.offset = 1, .baseline = "none"}, 1), samples(k_first, {0})) ==
        std::vector<Told>{{15, false, 0}});
}

TEST_CASE("what is expected of a class is subtracted, and learnt from each of its samples") {
  const RewardSpec mean{.offset = 1, .baseline = "mean", .decay = 0.5};
  const auto rewards = [&](const arma::mat& inputs, std::vector<std::uint32_t> labels) {
    std::vector<double> all;
    for (const auto& [step, is_event, reward] :
         told_of(network(), rewarded(mean), samples(inputs, std::move(labels)))) {
      all.push_back(reward);
    }
    std::ranges::sort(all);
    return all;
  };
  CHECK(rewards(k_first, {0}) == std::vector<double>{0.25, 0.5, 1});  // mean 0, 1/2, 3/4
  // The first unit answers both samples: one is always right, the other never.
  CHECK(rewards(arma::join_rows(k_first, k_first), {0, 1}) ==
        std::vector<double>{0, 0, 0, 0.25, 0.5, 1});
}

TEST_CASE("shuffled, each sample is judged by the class of another one") {
  // Each sample is answered by its own unit, so that in an epoch both are right, or neither.
  const arma::mat own{{0.75, 0}, {0, 0.75}};
  RewardSpec reward{.offset = 1, .baseline = "none"};
  const auto rewards = [&] {
    std::vector<double> all;
    for (const Told& told : told_of(network(), rewarded(reward, 16), samples(own, {0, 1}))) {
      all.push_back(std::get<2>(told));
    }
    return all;
  };
  CHECK(rewards() == std::vector<double>(32, 1));
  reward.is_shuffled = true;
  const std::vector<double> all = rewards();
  REQUIRE(all.size() == 32);
  for (std::size_t k = 0; k < all.size(); k += 2) CHECK(all[k] == all[k + 1]);
  const auto right = std::ranges::count(all, 1.0);
  CHECK(right > 4);
  CHECK(right < 28);
}

TEST_CASE("of a sample that is shown again only the last presentation is rewarded") {
  SpikingSpec spec = network();
  spec.layers[0].source = {.type = "regular", .rate = 20};
  spec.presentation.least_spikes = 1000;
  spec.presentation.most_repeats = 2;
  const auto told =
      told_of(spec, rewarded({.offset = 1, .baseline = "none"}, 1), samples(k_first, {1}));
  REQUIRE(told.size() == 1);
  CHECK(std::get<0>(told[0]) == 3 * 40 - 1);
}

TEST_CASE("a resumed training expects what it had learnt to") {
  const TrainingSpec training = rewarded({.offset = 1, .baseline = "mean", .decay = 0.5});
  const Split<double> split = samples(k_first, {0});
  Listening listening;
  const auto make = [&] {
    return std::make_unique<SpikingTrainer<double>>(network(), training,
                                                    std::vector{listening.drive()}, split, 1);
  };
  auto trainer = make();
  REQUIRE(trainer->train_epoch({}, {}));
  StateWriter writer;
  trainer->save(writer);
  trainer = make();
  StateReader reader(writer.bytes());
  trainer->load(reader);
  reader.finish();
  REQUIRE(trainer->train_epoch({}, {}));
  CHECK(listening.told == std::vector<Told>{{39, false, 1}, {79, false, 0.5}});
}

TEST_CASE("rewards that nobody gives, or nobody asks for, are refused") {
  Listening listening;
  const Split<double> split = samples(k_first, {0});
  const auto refusal = [&](const SpikingSpec& spec, const RewardSpec& reward, DriveSpec drive) {
    return error_of([&] { SpikingTrainer<double>(spec, rewarded(reward), {drive}, split, 1); });
  };
  const Error none = refusal(network(), {.type = "none"}, listening.drive());
  CHECK(none.code() == Code::E206);
  CHECK(none.headline() == "rule 'listens' learns from a reward, and none is given");
  DriveSpec deaf = listening.drive();
  deaf.rule.signals &= ~DELTAW_SIGNAL_BIT(DELTAW_REWARD);
  const Error vain = refusal(network(), {}, deaf);
  CHECK(vain.code() == Code::E503);
  CHECK(vain.headline() == "a reward is given, and no rule asks for one");
  SpikingSpec odd = network();
  odd.layers[0].units = odd.layers[1].units = 3;
  const Split<double> three = samples(arma::mat(3, 1, arma::fill::zeros), {0});
  const Error uneven =
      error_of([&] { SpikingTrainer<double>(odd, rewarded({}), {listening.drive()}, three, 1); });
  CHECK(uneven.code() == Code::E503);
  CHECK(uneven.headline() == "the units of layer 'out' cannot be shared out among 2 classes");
}
