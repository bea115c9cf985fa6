// SPDX-License-Identifier: Apache-2.0
// What it costs to let local rules watch a run, beside the sum of their own updates: CPU time of
// both in one run, taking turns, medians. Usage: shadows [ROUNDS]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "core/clock.hpp"
#include "core/random.hpp"
#include "network/initialise.hpp"
#include "real_rule.hpp"
#include "training/static_trainer.hpp"

using namespace deltaw;
using deltaw::test::RealRule;

const char* const deltaw::k_build_folder = DELTAW_BINARY_DIR;

namespace {

constexpr std::size_t k_samples = 3200, k_batch = 32, k_updates = k_samples / k_batch;
constexpr double k_rate = 1e-4;
const std::vector<std::string> k_watching = {"hebbian", "sanger", "soft-hebb", "krotov-hopfield"};
const std::vector<std::string> k_connections = {"a>b", "b>c", "c>d"};

NetworkSpec network(std::size_t hidden) {
  NetworkSpec spec;
  spec.layers = {{.name = "a", .units = 64},
                 {.name = "b", .units = hidden, .activation = {.type = "relu"}, .bias = false},
                 {.name = "c", .units = hidden, .activation = {.type = "relu"}, .bias = false},
                 {.name = "d", .units = 10, .activation = {.type = "softmax"}, .bias = false}};
  for (std::size_t i = 1; i < spec.layers.size(); ++i) {
    spec.connections.push_back({.from = spec.layers[i - 1].name, .to = spec.layers[i].name});
  }
  return spec;
}

Split<float> data() {
  Random random(1, "shadows");
  Split<float> split;
  split.train.inputs.set_size(64, k_samples);
  for (float& x : split.train.inputs) x = static_cast<float>(random.uniform());
  split.train.targets.zeros(10, k_samples);
  for (std::size_t k = 0; k < k_samples; ++k) {
    split.train.labels.push_back(static_cast<std::uint32_t>(k % 10));
    split.train.targets(k % 10, k) = 1;
  }
  return split;
}

double time_of(const std::function<void()>& work) {
  const double start = thread_seconds();
  work();
  return thread_seconds() - start;
}

double median_of(std::vector<double> times) {
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  return times[times.size() / 2];
}

void compare(std::size_t hidden, const Split<float>& split, const RealRule& backprop,
             const std::deque<RealRule>& watching, std::size_t rounds) {
  TrainingSpec training;
  training.epochs = 1'000'000;
  training.batch = k_batch;
  const auto trainer_with = [&](bool has_shadows) {
    auto trainer = std::make_unique<StaticTrainer<float>>(
        network(hidden), training, std::vector{backprop.drive(k_connections, k_rate)}, split, 1);
    AlignmentPlan plan{.reference = backprop.drive(k_connections), .length = k_updates};
    for (std::size_t i = 0; has_shadows && i < watching.size(); ++i) {
      plan.shadows.push_back({k_watching[i], watching[i].drive(k_connections)});
    }
    trainer->watch(std::move(plan));
    return trainer;
  };
  const auto unwatched = trainer_with(false), watched = trainer_with(true);

  Network<float> alone(make_graph(network(hidden)));
  initialise(alone, 1, split.train.inputs);
  Presentation<float> shown(alone, training, k_batch, 1);
  shown.set_columns(k_batch);
  shown.inputs() = split.train.inputs.head_cols(k_batch);
  shown.run();
  std::vector<std::unique_ptr<Driver<float>>> own;
  for (const RealRule& rule : watching) {
    own.push_back(std::make_unique<Driver<float>>(rule.drive(k_connections), alone, shown, 1));
  }
  std::vector<double> base, with, updates;
  for (std::size_t round = 0; round < rounds; ++round) {
    base.push_back(time_of([&] { unwatched->train_epoch(); }));
    with.push_back(time_of([&] { watched->train_epoch(); }));
    updates.push_back(time_of([&] {
      for (std::uint64_t update = 0; update < k_updates; ++update) {
        for (const auto& driver : own) {
          driver->clear();
          driver->propose(update);
        }
      }
    }));
  }
  const double own_time = median_of(updates), cost = median_of(with) - median_of(base);
  fmt::print("{:>6} {:>12.1f} {:>12.1f} {:>8.2f}\n", hidden, 1e6 * own_time / k_updates,
             1e6 * cost / k_updates, cost / own_time);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 21;
  const RealRule backprop("backprop");
  std::deque<RealRule> watching;
  for (const std::string& id : k_watching) watching.emplace_back(id);
  const Split<float> split = data();
  fmt::print("{} rules on 64-h-h-10, batches of {}; microseconds of CPU time an update\n",
             watching.size(), k_batch);
  fmt::print("{:>6} {:>12} {:>12} {:>8}\n", "h", "their own", "as shadows", "ratio");
  for (const std::size_t hidden : {64U, 256U}) compare(hidden, split, backprop, watching, rounds);
}
