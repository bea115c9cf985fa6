// SPDX-License-Identifier: Apache-2.0
#include "report/fake_results.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "comparison/summary.hpp"
#include "core/random.hpp"
#include "result/folder.hpp"
#include "result/provenance.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

constexpr std::size_t side = 8, hidden = 64, classes = 10, epochs = 20;

struct Learner {
  RuleFacts facts;
  double accuracy, epochs_needed, seconds;
};

const std::vector<Learner>& learners() {
  static const std::vector<Learner> all = {
      {{"backprop", "org.deltaw.backprop", "network", "error", {"pre", "error"}}, 0.972, 2, 0.4},
      {{"feedback-alignment",
        "org.deltaw.feedback-alignment",
        "network",
        "error",
        {"pre", "error"}},
       0.958,
       4,
       0.45},
      {{"hebbian-oja", "org.deltaw.hebbian", "synapse", "none", {"pre", "post", "weights"}},
       0.88,
       3,
       0.3}};
  return all;
}

std::vector<EpochRow> curve_of(const Learner& learner, std::uint64_t seed) {
  Random split(seed, "split"), noise(seed, learner.facts.rule);
  const double luck = 0.008 * split.normal() + 0.004 * noise.normal();
  std::vector<EpochRow> rows;
  for (std::size_t epoch = 0; epoch <= epochs; ++epoch) {
    const double t = 1 - std::exp(-static_cast<double>(epoch) / learner.epochs_needed);
    const double wobble = 0.01 * noise.normal() * (1 - t);
    const double test = 0.1 + (learner.accuracy + luck - 0.1) * t + wobble;
    const double train = std::min(1.0, test + 0.025 * t);
    rows.push_back({.epoch = epoch,
                    .updates = epoch * 40,
                    .seconds = learner.seconds * static_cast<double>(epoch) / epochs,
                    .train_loss = 2.4 * (1.01 - train),
                    .train_accuracy = train,
                    .test_loss = 2.4 * (1.03 - test),
                    .test_accuracy = test});
  }
  return rows;
}

NpyMatrix weights_of(const Learner& learner, std::uint64_t seed) {
  Random random(seed, "weights " + learner.facts.rule);
  std::vector<float> values(hidden * side * side);
  for (std::size_t unit = 0; unit < hidden; ++unit) {
    const double angle = 3.1416 * random.uniform(), phase = 6.28 * random.uniform();
    for (std::size_t pixel = 0; pixel < side * side; ++pixel) {
      const double x = static_cast<double>(pixel % side) - 3.5,
                   y = static_cast<double>(pixel / side) - 3.5;
      const double wave = std::cos(std::cos(angle) * x + std::sin(angle) * y + phase);
      values[pixel * hidden + unit] =
          static_cast<float>(0.3 * wave * std::exp(-(x * x + y * y) / 14) + 0.03 * random.normal());
    }
  }
  return {hidden, side * side, std::move(values)};
}

NpyMatrix confusion_of(const Learner& learner, std::uint64_t seed) {
  Random random(seed, "confusion " + learner.facts.rule);
  std::vector<std::int64_t> counts(classes * classes, 0);
  for (std::size_t truth = 0; truth < classes; ++truth) {
    for (int sample = 0; sample < 54; ++sample) {
      const bool is_right = random.uniform() < learner.accuracy;
      const std::size_t answer = is_right ? truth : (truth * 3 + random.below(3)) % classes;
      ++counts[answer * classes + truth];
    }
  }
  return {classes, classes, std::move(counts)};
}

json experiment_of(const FakeResults& options) {
  return {{"deltaw", 1},
          {"name", "digits"},
          {"description", "Three rules on 8 x 8 digits" + options.markup},
          {"task", {{"type", "digits"}}},
          {"network",
           {{"layers",
             {{{"name", "input"}, {"units", side * side}},
              {{"name", "hidden"}, {"units", hidden}},
              {{"name", "output"}, {"units", classes}}}},
            {"connections",
             {{{"from", "input"}, {"to", "hidden"}}, {{"from", "hidden"}, {"to", "output"}}}}}}};
}

Provenance provenance_of(const FakeResults& options) {
  Provenance facts;
  facts.command = {"deltaw", "compare", "experiments/digits.json", "--seeds", "5"};
  if (!options.markup.empty()) facts.command.push_back(options.markup);
  facts.started = "2025-01-31T12:00:00Z";
  facts.finished = "2025-01-31T12:00:09Z";
  for (const Learner& learner : learners()) {
    facts.plugins.push_back({learner.facts.id, "1.0.0", "plugins/" + learner.facts.rule + ".so",
                             std::string(64, 'a') + options.markup});
  }
  facts.data = {{"digits.csv" + options.markup, std::string(64, 'b')}};
  return facts;
}

}  // namespace

void write_fake_results(const std::filesystem::path& path, const FakeResults& options) {
  const ResultFolder folder = ResultFolder::create(path);
  folder.write_experiment(experiment_of(options));
  folder.write_provenance(to_json(provenance_of(options)));
  ComparisonFacts facts;
  facts.name = "digits" + options.markup;
  facts.reference = "backprop";
  facts.criterion.metric = "train_accuracy";
  facts.criterion.value = 0.9;
  facts.width = facts.height = side;
  std::vector<RunRecord> records;
  for (const Learner& learner : learners()) {
    facts.rules.push_back(learner.facts);
    facts.rules.back().supervision += options.markup;
    for (std::uint64_t seed = 1; seed <= options.seeds; ++seed) {
      RunRecord record{.rule = learner.facts.rule, .seed = seed, .curve = curve_of(learner, seed)};
      record.metrics = measure(record.curve, facts.criterion);
      const bool is_last = &learner == &learners().back() && seed == options.seeds;
      if (options.fails && is_last) {
        record.status = "failed";
        record.error =
            "error[E304] weights of 'hidden>output' are no longer finite\n  try: a lower rate" +
            options.markup;
        record.curve.resize(4);
      } else {
        folder.write_weights(record.rule, seed, "input>hidden", weights_of(learner, seed));
        folder.write_confusion(record.rule, seed, confusion_of(learner, seed));
      }
      folder.write_run(record);
      records.push_back(std::move(record));
    }
  }
  folder.write_metrics({"backprop", "feedback-alignment", "hebbian-oja"});
  folder.write_summary(summarise(facts, records));
}
