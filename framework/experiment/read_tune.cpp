// SPDX-License-Identifier: Apache-2.0
// The budget and the ranges of a tuning.
#include <algorithm>

#include "experiment/read_specs.hpp"
#include "plugin/search_range.hpp"

namespace deltaw::detail {
namespace {

RangeSpec read_range(const Node& ranges, const std::string& path) {
  const Node node = ranges[path];
  if (node.json().is_boolean()) return {path};
  if (node.json().is_object() && node.has("factor")) {
    return {path, {}, node["factor"].as<double>()};
  }
  RangeSpec spec{path, parse_range(node.json())};
  if (const std::string fault = fault_of(*spec.range); !fault.empty()) {
    node.fail(Code::E503, fault, {.found = node.json().dump()});
  }
  return spec;
}

// Seeds of its own, so that what was chosen by a run is not judged by it.
std::vector<std::uint64_t> read_tuning_seeds(const Node& tune,
                                             const std::vector<std::uint64_t>& taken) {
  const auto is_taken = [&](std::uint64_t seed) { return std::ranges::count(taken, seed) > 0; };
  std::vector<std::uint64_t> seeds;
  if (tune.has("seeds") && tune["seeds"].json().is_array()) {
    seeds = tune["seeds"].as<std::vector<std::uint64_t>>();
    const auto found = std::ranges::find_if(seeds, is_taken);
    if (found == seeds.end()) return seeds;
    tune["seeds"].fail(Code::E503, fmt::format("has a seed of the comparison: {}", *found),
                       {.hint = "seeds that the comparison does not have"});
  }
  std::size_t count = 2;
  tune.read("seeds", count);
  constexpr std::uint64_t k_first = 101;
  for (std::uint64_t seed = k_first; seeds.size() < count; ++seed) {
    if (!is_taken(seed)) seeds.push_back(seed);
  }
  return seeds;
}

}  // namespace

std::vector<RangeSpec> read_ranges(const Node& node) {
  std::vector<RangeSpec> ranges;
  for (const auto& [path, range] : node.json().items()) ranges.push_back(read_range(node, path));
  return ranges;
}

TuneSpec read_tune(const Node& node, const std::vector<std::uint64_t>& taken) {
  TuneSpec spec;
  node.read("trials", spec.trials);
  node.read("epochs", spec.epochs);
  node.read("search", spec.search);
  node.read("halving", spec.halving);
  node.read("rungs", spec.rungs);
  node.read("metric", spec.metric);
  node.read("validation", spec.validation);
  spec.seeds = read_tuning_seeds(node, taken);
  if (node.has("ranges")) spec.ranges = read_ranges(node["ranges"]);
  return spec;
}

}  // namespace deltaw::detail
