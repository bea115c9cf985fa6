// SPDX-License-Identifier: Apache-2.0
// A task in trials: its keys, and whether it can be made.
#include "experiment/read_specs.hpp"
#include "task/trial_task.hpp"

namespace deltaw::detail {
namespace {

void read(const Node& node, const char* key, TimeSpan& into) {
  if (!node.has(key)) return;
  const auto ends = node[key].as<std::vector<double>>();
  into = {ends[0], ends[1]};
}

void read(const Node& node, const char* key, std::optional<TimeSpan>& into) {
  if (!node.has(key)) return;
  if (node[key].json().is_number()) {
    const auto time = node[key].as<double>();
    into = {time, time};
  } else {
    read(node, key, into.emplace());
  }
}

void read(const Node& node, const char* key, Answers& into) {
  if (!node.has(key)) return;
  if (node[key].json().is_number()) {
    const auto yes = node[key].as<double>();
    into = {-yes, yes};
  } else {
    const auto both = node[key].as<std::vector<double>>();
    into = {both[0], both[1]};
  }
}

}  // namespace

TrialTaskSpec read_trials(const Node& node) {
  static const std::vector<std::string> match = {"order",    "first", "second",
                                                 "response", "delay", "target",
                                                 "then", "each"};
  static const std::vector<KeysOfType> table = {
      {"delayed-nonmatch", {}, match},
      {"delayed-match", {}, match},
      {"selective-integration", {}, {"order", "stimulus", "response", "bias", "scale", "target"}},
      {"sine-sum", {}, {"amplitudes", "frequencies", "peak", "response", "input"}}};
  check_keys(node, table, {"dt"});
  TrialTaskSpec spec;
  node.read("type", spec.type);
  node.read("dt", spec.dt);
  node.read("order", spec.order);
  if (spec.type == "sine-sum") {
    node.read("amplitudes", spec.sines.amplitudes);
    node.read("frequencies", spec.sines.frequencies);
    node.read("peak", spec.sines.peak);
    read(node, "response", spec.sines.response);
    read(node, "input", spec.sines.input);
  } else if (spec.type == "selective-integration") {
    read(node, "stimulus", spec.integration.stimulus);
    read(node, "response", spec.integration.response);
    node.read("bias", spec.integration.bias);
    node.read("scale", spec.integration.scale);
    read(node, "target", spec.integration.target);
  } else {
    read(node, "first", spec.match.first);
    read(node, "second", spec.match.second);
    read(node, "response", spec.match.response);
    read(node, "delay", spec.match.delay);
    node.read("then", spec.match.then);
    node.read("each", spec.match.each);
    read(node, "target", spec.match.target);
  }
  try {
    (void)make_trial_task(spec);
  } catch (const Error& error) {
    node.fail(error.code(), "cannot be made: " + error.headline(), error.detail());
  }
  return spec;
}

}  // namespace deltaw::detail
