// SPDX-License-Identifier: Apache-2.0
// Random parameters, sizes, scales and numbers. Every round follows from seed and number alone.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "conformance/conformance_test.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_rounds = 100;
constexpr std::size_t k_most_units = 24, k_most_columns = 16;

double number_in(const ParameterSpec& spec, Random& random) {
  const double low = spec.minimum.value_or(-10), high = spec.maximum.value_or(low + 100);
  // Half of the time near the lower end: parameters are often small.
  const double share =
      random.below(2) == 0 ? random.uniform() : std::pow(10, -6 * random.uniform());
  return low + share * (high - low);
}

void draw(const ParameterSpec& spec, ParameterValue& value, Random& random) {
  if (auto* number = std::get_if<double>(&value)) {
    *number = number_in(spec, random);
  } else if (auto* whole = std::get_if<std::int64_t>(&value)) {
    *whole = std::llround(std::ceil(number_in(spec, random)));
  } else if (auto* is_on = std::get_if<bool>(&value)) {
    *is_on = random.below(2) == 0;
  } else if (!spec.values.empty()) {
    value = spec.values[random.below(spec.values.size())];
  }
}

// A round that the rule may refuse, but must survive. What it wrote beside ΔW.
std::string round(Bench& bench, const std::vector<Scene>& scenes, std::size_t number) {
  Random random(bench.seed(), "check/fuzz", number);
  ProbedRule probed = bench.probed();
  for (std::size_t p = 0; p < probed.parameters.size(); ++p) {
    if (random.below(2) == 0) continue;
    draw(bench.rule().parameters[p], probed.parameters[p].value, random);
  }
  Scene scene = scenes[random.below(scenes.size())];
  scene.outputs = 1 + random.below(k_most_units);
  scene.inputs = 1 + random.below(k_most_units);
  if (bench.rule().grain != Grain::step) scene.columns = 1 + random.below(k_most_columns);
  if (scene.has_pieces && scene.columns < 2) scene.columns = 2;
  Stimulus stimulus = bench.stimulus(scene, number);
  const double scale = random.below(3) == 0 ? std::pow(10, 60 * random.uniform() - 30) : 1;
  for (auto& parts : stimulus.parts) {
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (holds_numbers(bench.rule(), part)) parts[part] *= scale;
    }
  }
  try {
    const auto probe = make_probe(probed, scene, {.is_watched = true});
    (void)answer(*probe, stimulus);
    return probe->written();
  } catch (const Error& error) {
    if (has_thrown(error)) throw;
    return "";
  }
}

Outcome fuzz(Bench& bench, double minutes) {
  const std::vector<Scene> scenes = scenes_of(bench.rule());
  if (scenes.empty()) return {Verdict::skipped, "no network here has its dynamics"};
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(60 * minutes);
  std::size_t done = 0;
  for (; minutes > 0 ? Clock::now() < end : done < k_rounds; ++done) {
    bench.stage(fmt::format("round {}", done));
    const std::string written = round(bench, scenes, done);
    if (!written.empty()) {
      return {Verdict::failed, fmt::format("round {} wrote {}", done, written)};
    }
  }
  return {Verdict::pass, fmt::format("{} rounds of random parameters, sizes and scales", done)};
}

}  // namespace

ConformanceTests fuzz_tests(double minutes) {
  return {{"fuzz", "random parameters, sizes and scales do no harm",
           [=](Bench& bench) { return fuzz(bench, minutes); }}};
}

}  // namespace deltaw
