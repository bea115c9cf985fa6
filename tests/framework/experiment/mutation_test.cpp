// SPDX-License-Identifier: Apache-2.0
// Whatever stands in an experiment: it loads, or a named error of experiments says why not.
#include "core/random.hpp"
#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json any_value(Random& random) {
  static const json pool = json::parse(R"([null, true, false, 0, 1, -1, 2, 1e300, -0.5, 0.5, 1e3,
    18446744073709551615, "", "*", "input", "hidden1", "output", "sgd", "backprop", "a.b", "../x",
    "mse", "csv", "trials", "sine-sum", [5, 50], [], {}, [1], [[]], {"type": "adam"}, {"type": "csv"}, {"name": "x"}, ["input"],
    {"from": "input", "to": "output"}, {"connections": ["*"], "rule": "x"}, {"": {}}])");
  return pool[random.below(pool.size())];
}

// Puts some value in some place, or takes the place away.
void mutate(json& value, Random& random) {
  const bool is_leaf = !value.is_structured() || value.empty();
  if (is_leaf || random.uniform() < 0.15) {
    value = any_value(random);
    return;
  }
  auto place = value.begin();
  std::advance(place, static_cast<long>(random.below(value.size())));
  if (random.uniform() < 0.1) {
    value.erase(place);
  } else {
    mutate(*place, random);
  }
}

}  // namespace

TEST_CASE("no change of an experiment does worse than a named error") {
  json start = to_json(load(small()));
  start["rules"].push_back("backprop2");
  json in_trials = small_in_trials();
  in_trials["task"] = {{"trials", {{"type", "delayed-match"}, {"delay", {100, 200}}}}};
  in_trials = to_json(load(in_trials));
  const json starts[] = {small(), start, in_trials};
  int loaded = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed, "mutation");
    json document = starts[seed % 3];
    for (std::uint64_t n = random.below(3); n < 3; ++n) mutate(document, random);
    try {
      const Experiment experiment = load(document);
      CHECK(to_json(load(to_json(experiment))) == to_json(experiment));
      ++loaded;
    } catch (const Error& error) {
      INFO(error.text());
      INFO(document.dump());
      CHECK(info(error.code()).name.substr(0, 2) == "E5");
      ++refused;
    }
  }
  CHECK(loaded > 100);
  CHECK(refused > 1000);
}
