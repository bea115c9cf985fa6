// SPDX-License-Identifier: Apache-2.0
// Who watches a run, and when.
#include <set>

#include "experiment/drives.hpp"
#include "experiment/read_specs.hpp"

namespace deltaw::detail {
namespace {

Shadow read_shadow(const Node& node, const NetworkSpec& network) {
  Shadow shadow;
  node.read("rule", shadow.rule);
  node.read("name", shadow.name);
  shadow.parameters = read_parameters(node);
  shadow.connections = read_connections(node, network);
  return shadow;
}

void check_length(const Node& node, bool is_in_trials) {
  const char* wrong = is_in_trials ? "batches" : "trials";
  if (!node.has(wrong)) return;
  node[wrong].fail(Code::E502,
                   fmt::format("is of tasks {}", is_in_trials ? "with data" : "in trials"),
                   {.hint = is_in_trials ? "\"trials\"" : "\"batches\""});
}

}  // namespace

AlignmentSpec read_alignment(const Node& training, const NetworkSpec& network, bool is_in_trials) {
  AlignmentSpec spec;
  if (!training.has("alignment")) return spec;
  const Node node = training["alignment"];
  check_length(node, is_in_trials);
  if (node.has("rule")) {
    spec.reference = read_shadow(node, network);
  } else if (node.has("parameters")) {
    node["parameters"].fail(Code::E503, "are of no rule", {.hint = "\"rule\" beside them"});
  }
  std::set<std::string> names;
  if (node.has("shadows")) {
    for (const Node& entry : node["shadows"].items()) {
      check_file_name(entry["name"]);
      spec.shadows.push_back(read_shadow(entry, network));
      if (names.insert(spec.shadows.back().name).second) continue;
      entry.fail(Code::E503,
                 fmt::format("has the name '{}', which is taken", spec.shadows.back().name),
                 {.hint = "give each shadow a \"name\" of its own"});
    }
  }
  if (!spec.is_asked_for()) {
    node.fail(Code::E503, "has nobody who watches",
              {.hint = "a \"rule\" to compare with, or \"shadows\""});
  }
  node.read(is_in_trials ? "trials" : "batches", spec.length);
  node.read("every", spec.every);
  node.read("draws", spec.draws);
  return spec;
}

}  // namespace deltaw::detail
