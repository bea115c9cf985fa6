// SPDX-License-Identifier: Apache-2.0
#include "report/fake_features.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "comparison/summary.hpp"
#include "core/random.hpp"
#include "result/folder.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

constexpr std::size_t patterns = 500, epochs = 8;

struct Arm {
  std::string name;
  double memory, strength;
  bool learns = true, fails = false;
};

const std::vector<Arm>& arms() {
  static const std::vector<Arm> all = {{"fast", 0.5, 0},
                                       {"fast-inhibited", 0.5, -0.1},
                                       {"fast-excited", 0.5, 0.02},
                                       {"slow", 0.99, 0},
                                       {"slow-inhibited", 0.99, -0.1},
                                       {"random-features", 0, 0, false},
                                       {"diverging", 0.5, -0.5, true, true}};
  return all;
}

json experiment_of(const FakeFeatures& options) {
  json rules = json::array();
  for (const Arm& arm : arms()) {
    const std::size_t pixels = options.side * options.side * options.channels;
    const json network = {
        {"layers",
         {{{"name", "input"}, {"units", pixels}},
          {{"name", "features"}, {"units", options.units}, {"lateral", arm.strength}}}},
        {"connections", {{{"from", "input"}, {"to", "features"}, {"name", "input>features"}}}}};
    json drive = json::array();
    if (arm.learns) {
      drive.push_back({{"rule", "some-rule"}, {"parameters", {{"memory", arm.memory}}}});
    }
    rules.push_back({{"name", arm.name}, {"drive", drive}, {"network", network}});
  }
  return {{"deltaw", 1},
          {"name", "features"},
          {"task", {{"type", "digits"}}},
          {"training", {{"loss", "none"}}},
          {"rules", std::move(rules)}};
}

NpyMatrix weights_of(const FakeFeatures& options, const Arm& arm, Random& random) {
  const std::size_t area = options.side * options.side, pixels = area * options.channels;
  std::vector<float> values(options.units * pixels);
  for (std::size_t unit = 0; unit < options.units; ++unit) {
    const double angle = 6.28 * random.uniform(), middle = 0.5 * static_cast<double>(options.side);
    for (std::size_t i = 0; i < pixels; ++i) {
      const double x = static_cast<double>(i % options.side) - middle,
                   y = static_cast<double>(i % area / options.side) - middle;
      const double ring = std::exp(-std::pow(std::hypot(x, y) - 0.6 * middle, 2));
      const double turn = angle + static_cast<double>(i / area);
      const double wave = arm.learns ? ring * std::cos(std::atan2(y, x) - turn) : 0;
      values[i * options.units + unit] = static_cast<float>(wave + 0.1 * random.normal());
    }
  }
  return {options.units, pixels, std::move(values)};
}

json course_of(const FakeFeatures& options, double memory, double overlap, Random& random) {
  json course = json::array();
  for (std::size_t epoch = 0; epoch <= epochs; ++epoch) {
    const double t = static_cast<double>(epoch) / epochs;
    const double theta = t * (1 - 0.5 * memory);
    json row = {{"epoch", epoch},
                {"overlap", 1 + (overlap - 1) * t + 0.1 * random.normal()},
                {"selectivity", 0.5 - 0.3 * t},
                {"dead", epoch / 3},
                {"change", std::exp(-4 * t) / (1 + 0.1 * random.uniform())},
                {"label", 0.1 + 0.6 * t}};
    if (epoch == 0) row["change"] = nullptr;
    row["monitored"]["input>features/theta" + options.markup] = {{"min", 0},
                                                                 {"q1", 0.7 * theta},
                                                                 {"median", theta},
                                                                 {"q3", 1.2 * theta},
                                                                 {"max", 2 * theta}};
    course.push_back(std::move(row));
  }
  return course;
}

json features_of(const FakeFeatures& options, const Arm& arm, Random& random) {
  json alpha = json::array(), labels = json::array(), per_class = json::array();
  std::size_t sum = 0;
  for (std::size_t unit = 0; unit < options.units; ++unit) {
    std::vector<std::size_t> counts(options.classes);
    if (unit % 12 != 11) {
      for (std::size_t& count : counts) count = random.below(arm.learns ? 8 : 30);
      counts[random.below(options.classes)] += 40;
    }
    std::size_t all = 0;
    for (const std::size_t count : counts) all += count;
    sum += all;
    alpha.push_back(all);
    labels.push_back(
        all == 0 ? json() : json(std::max_element(counts.begin(), counts.end()) - counts.begin()));
    per_class.push_back(counts);
  }
  const std::size_t selected = std::min(patterns, sum);
  const double overlap = static_cast<double>(selected * options.units) / static_cast<double>(sum);
  return {{"layer", "features"},
          {"units", options.units},
          {"part", "train"},
          {"patterns", patterns},
          {"alpha", alpha},
          {"labels", labels},
          {"per_class", per_class},
          {"selected", selected},
          {"overlap", overlap},
          {"capacity", selected},
          {"course", course_of(options, arm.memory, overlap * (1 - 2 * arm.strength), random)}};
}

RunRecord record_of(const Arm& arm, std::uint64_t seed, const json& features, Random& random) {
  RunRecord record{.rule = arm.name, .seed = seed};
  for (std::size_t epoch = 0; epoch <= epochs; ++epoch) {
    record.curve.push_back({.epoch = epoch, .updates = 10 * epoch});
  }
  const double linear = (arm.learns ? 0.9 : 0.85) - 0.2 * arm.strength + 0.01 * random.normal();
  record.metrics = {{"updates", 80},
                    {"seconds", 0.1},
                    {"overlap", features.at("overlap").get<double>()},
                    {"selected", features.at("selected").get<double>() / patterns},
                    {"selectivity", 0.2 + 0.01 * random.normal()},
                    {"dead_units", 3}};
  for (const auto& [name, accuracy] : {std::pair{"linear", linear}, {"label", 0.8 * linear}}) {
    record.metrics[std::string(name) + "_test_accuracy"] = accuracy;
    record.metrics[std::string(name) + "_train_accuracy"] = accuracy + 0.01;
  }
  return record;
}

}  // namespace

void write_fake_features(const std::filesystem::path& path, const FakeFeatures& options) {
  const ResultFolder folder = ResultFolder::create(path);
  folder.write_experiment(experiment_of(options));
  ComparisonFacts facts;
  facts.name = "features";
  facts.reference = "fast";
  facts.width = facts.height = options.side;
  std::vector<RunRecord> records;
  std::vector<std::string> names;
  for (const Arm& arm : arms()) {
    names.push_back(arm.name);
    facts.rules.push_back({arm.name, "org.example", "layer", "none", {"pre", "post"}});
    for (std::uint64_t seed = 1; seed <= options.seeds; ++seed) {
      Random random(seed, arm.name);
      const json features = features_of(options, arm, random);
      RunRecord record = record_of(arm, seed, features, random);
      if (arm.fails) {
        record = {.rule = arm.name, .seed = seed, .status = "failed", .error = "too strong"};
      } else {
        folder.write_weights(arm.name, seed, "input>features", weights_of(options, arm, random));
        folder.write_features(arm.name, seed, features);
      }
      folder.write_run(record);
      records.push_back(std::move(record));
    }
  }
  folder.write_metrics(names);
  json summary = summarise(facts, records);
  summary["readouts"] = {"linear", "label"};
  if (options.channels != 1) summary["image"]["channels"] = options.channels;
  folder.write_summary(summary);
}
