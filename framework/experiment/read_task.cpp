// SPDX-License-Identifier: Apache-2.0
// Data set, split and preprocessing.
#include <cmath>

#include "experiment/read_specs.hpp"

namespace deltaw::detail {
namespace {

// Shares are decimal fractions: 1 - 0.7 is meant to be 0.3.
double rounded(double share) { return std::round(share * 1e12) / 1e12; }

SplitSpec read_split(const Node& node) {
  SplitSpec spec;
  node.read("train", spec.train);
  node.read("validation", spec.validation);
  node.read("test", spec.test);
  if (!node.has("test")) {
    spec.test = rounded(1 - spec.train - spec.validation);
  } else if (!node.has("train")) {
    spec.train = rounded(1 - spec.validation - spec.test);
  }
  if (spec.train <= 0 || spec.test < 0 || spec.train + spec.validation + spec.test > 1 + 1e-9) {
    node.fail(Code::E503, "divides more than there is",
              {.expected = "train + validation + test of at most 1, train above 0",
               .found = fmt::format("{} + {} + {}", spec.train, spec.validation, spec.test)});
  }
  node.read("stratified", spec.stratified);
  node.read("limit_train", spec.limit_train);
  node.read("limit_test", spec.limit_test);
  if (node.has("seed")) spec.seed = node["seed"].as<std::uint64_t>();
  return spec;
}

SequenceSpec read_sequence(const Node& node) {
  SequenceSpec spec;
  node.read("type", spec.type);
  if (spec.type == "permuted") spec.contexts = 10;
  node.read("contexts", spec.contexts);
  node.read("scenario", spec.scenario);
  if (node.has("order")) {
    if (spec.type != "split") node["order"].fail(Code::E502, "is a key of the type \"split\"");
    spec.is_order_drawn = node["order"].as<std::string>() == "drawn";
  }
  node.read("updates", spec.updates);
  node.read("reset_optimizer", spec.resets_optimizer);
  node.read("joint", spec.has_joint);
  node.read("match_at", spec.matched_accuracy);
  return spec;
}

// Trials or a protocol, which `kind` names.
TaskSpec read_task_without_data(const Node& node, const std::string& kind) {
  for (const auto& [key, unused] : node.json().items()) {
    if (key == kind || key == "name") continue;
    node[key].fail(Code::E502, fmt::format("is a key of data sets, and the task {}",
                                           kind == "trials" ? "is in trials" : "is a protocol"));
  }
  TaskSpec spec;
  if (kind == "trials") {
    spec.trials = read_trials(node["trials"]);
    spec.data.name = spec.trials->type;
  } else {
    spec.protocol = read_protocol(node["protocol"]);
    spec.data.name = spec.protocol->type;
  }
  node.read("name", spec.data.name);
  return spec;
}

}  // namespace

TaskSpec read_task(const Node& node) {
  if (int{node.has("type")} + int{node.has("trials")} + int{node.has("protocol")} != 1) {
    node.fail(Code::E503, "needs one of \"type\" (a data set), \"trials\" and \"protocol\"");
  }
  for (const char* kind : {"trials", "protocol"}) {
    if (node.has(kind)) return read_task_without_data(node, kind);
  }
  static const std::vector<KeysOfType> table = {
      {"digits", {}, {}},
      {"mnist", {}, {}},
      {"fashion-mnist", {}, {}},
      {"cifar-10", {}, {}},
      {"cifar", {"files"}, {"test_files"}},
      {"idx", {"images", "labels"}, {"test_images", "test_labels", "classes"}},
      {"csv", {"file"}, {"test_file", "label", "header", "classes", "maximum", "width", "height"}}};
  check_keys(node, table, {"name", "split", "scale", "targets", "label_inputs", "sequence"});
  TaskSpec spec;
  node.read("type", spec.data.type);
  spec.data.name = spec.data.type;
  node.read("name", spec.data.name);
  node.read("images", spec.data.images);
  node.read("labels", spec.data.labels);
  node.read("test_images", spec.data.test_images);
  node.read("test_labels", spec.data.test_labels);
  node.read("files", spec.data.files);
  node.read("test_files", spec.data.test_files);
  node.read("file", spec.data.file);
  node.read("test_file", spec.data.test_file);
  node.read("label", spec.data.label);
  node.read("header", spec.data.header);
  node.read("classes", spec.data.classes);
  node.read("maximum", spec.data.maximum);
  node.read("width", spec.data.width);
  node.read("height", spec.data.height);
  if (node.has("test_images") != node.has("test_labels")) {
    node.fail(Code::E503, "has test images without test labels, or the reverse",
              {.hint = "give both or neither"});
  }
  if (node.has("split")) spec.split = read_split(node["split"]);
  node.read("scale", spec.scale);
  node.read("targets", spec.targets);
  node.read("label_inputs", spec.has_label_inputs);
  if (spec.has_label_inputs && node.has("sequence")) {
    node["label_inputs"].fail(Code::E503, "are not of data that are learnt in contexts",
                              {.hint = "leave out one of the two"});
  }
  if (node.has("sequence")) spec.sequence = read_sequence(node["sequence"]);
  return spec;
}

}  // namespace deltaw::detail
