// SPDX-License-Identifier: Apache-2.0
// A rule that writes down what it is shown, in a network small enough to work out by hand.
#include "training/spiking_trainer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <tuple>

#include "core/error.hpp"
#include "core/state.hpp"
#include "error_of.hpp"
#include "scripted_rule.hpp"
#include "tiny_spikes.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

// Two sources, of which one fires every 10 ms, and one unit that each of its spikes drives over
// threshold at the next step.
SpikingSpec network() {
  SpikingSpec spec = tiny_spikes(2, 1, {.type = "constant", .value = 30}, 31);
  spec.layers[0].source = {.type = "latency", .window = 20};
  spec.layers[1].leaky = {.model = "current", .tau = 10, .excitatory_tau = 0, .inhibitory_tau = 0};
  spec.presentation.show = 30;
  spec.presentation.rest = 10;
  return spec;
}

// One sample: the first source spikes at 5 ms, the second at 10 ms.
Split<double> data() {
  Split<double> split;
  split.train.inputs = arma::mat(arma::vec{0.75, 0.5});
  split.train.targets = arma::mat(arma::vec{1, 0});
  split.train.labels = {0};
  split.test = split.train;
  return split;
}

constexpr std::uint64_t k_events =
    DELTAW_SIGNAL_BIT(DELTAW_SPIKES_PRE) | DELTAW_SIGNAL_BIT(DELTAW_SPIKES_POST);

// What a rule of spikes is like; ScriptedRule makes rules of batches.
DriveSpec of_spikes(DriveSpec drive, std::uint64_t more = DELTAW_CAP_IN_PLACE) {
  drive.rule.dynamics = {Dynamics::spiking};
  drive.rule.grain = Grain::step;
  drive.rule.capabilities |= more;
  drive.connections = {"in>out"};
  drive.optimizer.rate = 1;
  return drive;
}

TrainingSpec once() {
  TrainingSpec training;
  training.epochs = 1;
  training.loss.type = "none";
  training.reward.type = "none";
  return training;
}

std::vector<std::uint32_t> units(const deltaw_block& block, std::uint32_t signal) {
  const deltaw_matrix& events = *block.signals[signal];
  const auto* data = static_cast<const std::uint32_t*>(events.data);
  std::vector<std::uint32_t> found;
  for (std::uint64_t k = 0; k < events.cols; ++k) found.push_back(data[2 * k]);
  return found;
}

}  // namespace

TEST_CASE("a rule is shown every step with spikes, and once more when the presentation ends") {
  using Shown = std::tuple<std::uint64_t, std::vector<std::uint32_t>, std::vector<std::uint32_t>>;
  std::vector<Shown> shown;
  const ScriptedRule writes("writes", k_events,
                            [&](const deltaw_block& block, const deltaw_matrix& delta) {
                              CHECK(block.flags == DELTAW_BLOCK_IN_PLACE);
                              CHECK(block.lower == 0);
                              CHECK(block.upper == 31);
                              CHECK(block.scale == 1);
                              CHECK(block.dt == 1);
                              CHECK(at(delta, 0, 0) == 30);
                              shown.emplace_back(block.step, units(block, DELTAW_SPIKES_PRE),
                                                 units(block, DELTAW_SPIKES_POST));
                            });
  const Split<double> split = data();
  SpikingTrainer<double> trainer(network(), once(), {of_spikes(writes.drive({}))}, split, 1);
  std::vector<double> counts;
  REQUIRE(trainer.train_epoch({}, [&](const Answer<double>& answer) {
    counts.push_back(answer.counts[0]);
    CHECK(answer.presentations == 1);
  }));
  CHECK(counts == std::vector<double>{2});
  REQUIRE(shown.size() == 5);
  // A source's spike is in its step; the unit it drives is over threshold one step later.
  const std::uint64_t first = std::get<0>(shown[0]);
  CHECK(shown[0] == Shown{first, {0}, {}});
  CHECK(shown[1] == Shown{first + 1, {}, {0}});
  CHECK(shown[2] == Shown{first + 5, {1}, {}});
  CHECK(shown[3] == Shown{first + 6, {}, {0}});
  CHECK(shown[4] == Shown{39, {}, {}});
}

TEST_CASE(
    "rules that take turns at a connection learn in their own epochs, at rates of their own") {
  std::vector<std::string> learnt;
  const auto tells = [&](const char* name) {
    return [&learnt, name](const deltaw_block& block, const deltaw_matrix&) {
      const std::string entry = fmt::format("{} {}", name, block.scale);
      if (learnt.empty() || learnt.back() != entry) learnt.push_back(entry);
    };
  };
  const ScriptedRule early("early", k_events, tells("early")),
      late("late", k_events, tells("late"));
  DriveSpec first = of_spikes(early.drive({})), second = of_spikes(late.drive({}));
  first.epochs = {0, 2};
  first.optimizer.schedule.type = "cosine";
  second.epochs = {2, 3};
  TrainingSpec training = once();
  training.epochs = 3;
  const Split<double> split = data();
  SpikingTrainer<double> trainer(network(), training, {first, second}, split, 1);
  const std::vector<std::vector<std::string>> expected = {{"early 1"}, {"early 0.5"}, {"late 1"}};
  for (const auto& rules : expected) {
    learnt.clear();
    REQUIRE(trainer.train_epoch({}, {}));
    CHECK(learnt == rules);
  }
}

TEST_CASE(
    "a change in place counts from the next spike on, one that is not is scaled and bounded") {
  const auto lowers = [](const deltaw_block& block, const deltaw_matrix& delta) {
    if (!units(block, DELTAW_SPIKES_PRE).empty()) at(delta, 0, 1) -= 20;
  };
  const ScriptedRule rule("lowers", k_events, lowers);
  const Split<double> split = data();
  for (const std::uint64_t in_place : {std::uint64_t{DELTAW_CAP_IN_PLACE}, std::uint64_t{0}}) {
    CAPTURE(in_place);
    DriveSpec drive = of_spikes(rule.drive({}), in_place);
    drive.optimizer.rate = 2;
    SpikingTrainer<double> trainer(network(), once(), {drive}, split, 1);
    double count = -1;
    REQUIRE(trainer.train_epoch({}, [&](const auto& answer) { count = answer.counts[0]; }));
    CHECK(count == 1);  // the second input no longer reaches the threshold
    const double weight = trainer.network().weights(0)(0, 1);
    CHECK(weight == (in_place != 0 ? -10 : 0));  // in place the rule itself must mind the bounds
  }
}

TEST_CASE("a sample that is not answered is shown again at higher rates, and given up in the end") {
  SpikingSpec spec = network();
  spec.layers[0].source = {.type = "regular", .rate = 20};
  spec.presentation.least_spikes = 1000;
  spec.presentation.most_repeats = 2;
  spec.presentation.raise = 1;
  spec.presentation.show = 2000;
  const ScriptedRule idle("idle", k_events, [](const deltaw_block&, const deltaw_matrix&) {});
  const Split<double> split = data();
  SpikingTrainer<double> trainer(spec, once(), {of_spikes(idle.drive({}))}, split, 1);
  std::size_t presentations = 0, spikes = 0;
  REQUIRE(trainer.train_epoch({}, [&](const auto& answer) {
    presentations = answer.presentations;
    spikes = answer.spikes;
  }));
  CHECK(presentations == 3);
  CHECK(trainer.network().now() == 3 * 2010);
  // 2 s at three times 15 and 10 Hz: 150 spikes, a few of which may meet; at twice it would be 100.
  CHECK(spikes > 120);
  CHECK(spikes <= 150);
}

TEST_CASE("weights are scaled to their sum before a sample, and spikes in the rest do not count") {
  const ScriptedRule idle("idle", k_events, [](const deltaw_block&, const deltaw_matrix&) {});
  const Split<double> split = data();
  const auto count_of = [&](const SpikingSpec& spec) {
    SpikingTrainer<double> trainer(spec, once(), {of_spikes(idle.drive({}))}, split, 1);
    double count = -1;
    REQUIRE(trainer.train_epoch({}, [&](const auto& answer) { count = answer.counts[0]; }));
    return count;
  };
  SpikingSpec spec = network();
  spec.connections[0].init.value = 10;
  CHECK(count_of(spec) == 0);
  spec.connections[0].sum = 60;
  CHECK(count_of(spec) == 2);
  spec.connections[0].delay = {22, 22};  // arrivals at 27 and 32 ms; the sample is shown for 30
  CHECK(count_of(spec) == 1);
}

TEST_CASE("thresholds adapt while the network learns, and stand still while spikes are counted") {
  const ScriptedRule idle("idle", k_events, [](const deltaw_block&, const deltaw_matrix&) {});
  const Split<double> split = data();
  SpikingSpec spec = network();
  spec.layers[1].leaky.theta_increment = 20;  // the second spike of a sample no longer passes
  SpikingTrainer<double> trainer(spec, once(), {of_spikes(idle.drive({}))}, split, 1);
  const auto held = trainer.count(split.test, "test", {}, {});
  REQUIRE(held);
  CHECK((*held)(0, 0) == 2);
  double count = -1;
  REQUIRE(trainer.train_epoch({}, [&](const auto& answer) { count = answer.counts[0]; }));
  CHECK(count == 1);
}

TEST_CASE("counting spikes changes neither weights nor time nor what training goes on with") {
  const ScriptedRule idle("idle", k_events, [](const deltaw_block&, const deltaw_matrix& delta) {
    at(delta, 0, 0) += 0.125;
  });
  const Split<double> split = data();
  SpikingTrainer<double> trainer(network(), once(), {of_spikes(idle.drive({}))}, split, 1);
  std::size_t told = 0;
  const auto counts = trainer.count(split.test, "test", {}, [&](std::size_t done, std::size_t of) {
    told = done;
    CHECK(of == 1);
  });
  REQUIRE(counts);
  CHECK(told == 1);
  CHECK((*counts)(0, 0) == 2);
  CHECK(trainer.network().now() == 0);
  CHECK(trainer.network().weights(0)(0, 0) == 30);
  CHECK(trainer.updates() == 0);
}

TEST_CASE("a recording tells every spike and the potentials of the busiest units") {
  const ScriptedRule idle("idle", k_events, [](const deltaw_block&, const deltaw_matrix&) {});
  SpikingSpec spec = network();
  spec.layers[1].units = 5;
  spec.connections[0].pattern = "all-to-all";
  const Split<double> split = data();
  SpikingTrainer<double> trainer(spec, once(), {of_spikes(idle.drive({}))}, split, 1);
  const SpikeRecording recording = trainer.record(split.test, 0);
  CHECK(recording.dt == 1);
  CHECK(recording.shown == 30);
  CHECK(recording.label == 0);
  REQUIRE(recording.layers.size() == 2);
  using Spikes = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  CHECK(recording.layers[0].spikes == Spikes{{5, 0}, {10, 1}});
  CHECK(recording.layers[0].observed.empty());
  CHECK(recording.layers[1].spikes.size() == 10);
  CHECK(recording.layers[1].spikes.front() == std::pair{6U, 0U});
  CHECK(recording.layers[1].observed == std::vector<std::uint32_t>{0, 1, 2});
  REQUIRE(recording.layers[1].potentials.size() == 3);
  const std::vector<float>& v = recording.layers[1].potentials[0];
  REQUIRE(v.size() == 40);
  CHECK(v[4] == doctest::Approx(-65));  // at rest
  CHECK(v[5] == doctest::Approx(-35));  // raised by the first spike
  CHECK(v[6] == doctest::Approx(-65));  // reset
  CHECK(trainer.network().now() == 0);
}

TEST_CASE(
    "sources beside the input are at full value whatever the sample, and draw for themselves") {
  SpikingSpec spec = network();
  spec.layers.push_back({.name = "noise", .units = 1, .is_source = true});
  spec.layers[2].source = {.type = "latency", .window = 20};
  spec.connections.push_back(spec.connections[0]);
  spec.connections[1].from = "noise";
  spec.connections[1].name = "noise>out";
  spec.connections[1].plastic = false;
  const ScriptedRule idle("idle", k_events, [](const deltaw_block&, const deltaw_matrix&) {});
  const Split<double> split = data();
  SpikingTrainer<double> trainer(spec, once(), {of_spikes(idle.drive({}))}, split, 1);
  const SpikeRecording recording = trainer.record(split.test, 0);
  using Spikes = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  CHECK(recording.layers[2].spikes == Spikes{{0, 0}});  // value 1: at once
  CHECK(recording.layers[1].spikes == Spikes{{1, 0}, {6, 0}, {11, 0}});
}

TEST_CASE("a resumed training goes on with the same bits") {
  const ScriptedRule grows("grows", k_events,
                           [](const deltaw_block& block, const deltaw_matrix& delta) {
                             at(delta, 0, 0) += 0.001 * static_cast<double>(block.step);
                           });
  SpikingSpec spec = network();
  spec.layers[0].source = {.type = "poisson", .rate = 300};
  TrainingSpec training = once();
  training.epochs = 4;
  const Split<double> split = data();
  const auto run = [&](bool is_interrupted) {
    auto trainer = std::make_unique<SpikingTrainer<double>>(
        spec, training, std::vector{of_spikes(grows.drive({}))}, split, 3);
    for (int epoch = 0; epoch < 4; ++epoch) {
      REQUIRE(trainer->train_epoch({}, {}));
      if (!is_interrupted || epoch != 1) continue;
      StateWriter writer;
      trainer->save(writer);
      trainer = std::make_unique<SpikingTrainer<double>>(
          spec, training, std::vector{of_spikes(grows.drive({}))}, split, 3);
      StateReader reader(writer.bytes());
      trainer->load(reader);
      reader.finish();
    }
    return arma::mat(trainer->network().weights(0));
  };
  CHECK(arma::approx_equal(run(false), run(true), "absdiff", 0));
}

TEST_CASE("what does not fit is refused, and what goes wrong is named") {
  const ScriptedRule idle("idle", k_events, [](const deltaw_block&, const deltaw_matrix&) {});
  const Split<double> split = data();
  const auto refusal = [&](const SpikingSpec& spec, DriveSpec drive) {
    return error_of([&] { const SpikingTrainer<double> trainer(spec, once(), {drive}, split, 1); });
  };
  const DriveSpec drive = of_spikes(idle.drive({}));

  DriveSpec other = drive;
  other.rule.dynamics = {Dynamics::fixed};
  CHECK(refusal(network(), other).code() == Code::E204);
  other = drive;
  other.rule.grain = Grain::batch;
  CHECK(refusal(network(), other).code() == Code::E204);
  other = drive;
  other.rule.signals |= DELTAW_SIGNAL_BIT(DELTAW_ERROR);
  CHECK(refusal(network(), other).code() == Code::E206);
  other = drive;
  other.optimizer.type = "adam";
  CHECK(refusal(network(), other).code() == Code::E503);
  other = drive;
  other.connections = {"in>oat"};
  CHECK(refusal(network(), other).code() == Code::E510);

  SpikingSpec spec = network();
  spec.connections[0].delay = {0, 10};
  CHECK(refusal(spec, drive).code() == Code::E206);  // it does not declare delays
  spec = network();
  spec.layers[0].units = 3;
  CHECK(refusal(spec, drive).code() == Code::E205);
  Split<double> large = data();
  large.test.inputs[0] = 1.5;
  CHECK(error_of([&] {
          const SpikingTrainer<double> trainer(network(), once(), {drive}, large, 1);
        }).code() == Code::E403);
  spec = network();
  spec.presentation.layer = "in";
  CHECK(refusal(spec, drive).code() == Code::E503);  // a source
  spec = network();
  spec.presentation.least_spikes = 1;
  CHECK(refusal(spec, drive).code() == Code::E503);  // latencies have no higher rate
  spec.layers[0].source = {.type = "poisson", .rate = 100};
  CHECK(refusal(spec, drive).code() == Code::E515);  // 1100 Hz at the last repeat
  spec = network();
  spec.presentation.show = 0.5;
  CHECK(refusal(spec, drive).code() == Code::E515);
  other = drive;
  other.rule.signals |= DELTAW_SIGNAL_BIT(DELTAW_REWARD);
  CHECK(refusal(network(), other).code() == Code::E206);
  spec = network();
  spec.presentation.layer = "oat";
  CHECK(refusal(spec, drive).code() == Code::E510);

  spec = network();
  spec.connections[0].init.value = 0;
  TrainingSpec training = once();
  training.epochs = 101;
  SpikingTrainer<double> silent(spec, training, {drive}, split, 1);
  const Error error = error_of([&] {
    for (int epoch = 0; epoch < 101; ++epoch) (void)silent.train_epoch({}, {});
  });
  CHECK(error.code() == Code::E307);
  CHECK(error.text().find("'out'") != std::string::npos);
}
