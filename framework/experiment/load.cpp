// SPDX-License-Identifier: Apache-2.0
// Validate, write out short forms, apply changes, validate again, read.
#include "experiment/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/json.hpp"
#include "core/nearest.hpp"
#include "experiment/overrides.hpp"
#include "experiment/reach.hpp"
#include "experiment/read_arms.hpp"
#include "experiment/read_specs.hpp"
#include "experiment/schema.hpp"
#include "experiment/shorthand.hpp"
#include "task/csv.hpp"

namespace deltaw {
namespace {

using detail::Node;
using nlohmann::json;

constexpr JsonCodes k_codes{Code::E500, Code::E501, Code::E502, Code::E503};

// A newer format may have keys that this version would call unknown, so its version comes first.
void check_version(const json& document, std::string_view origin) {
  if (!document.is_object() || !document.contains("deltaw")) return;
  const json& version = document["deltaw"];
  if (!version.is_number_integer() || version <= 1) return;
  throw Error(Code::E503, fmt::format("{}: made for a newer deltaw", origin),
              {.expected = "\"deltaw\": 1", .found = version.dump(), .hint = "upgrade deltaw"});
}

void keep_rules(json& document, const std::vector<std::string>& kept) {
  json rules = json::array();
  bool has_reference = false;
  for (const std::string& name : kept) {
    const json& all = document["rules"];
    const auto arm = std::find_if(all.begin(), all.end(), [&](const json& candidate) {
      return candidate.contains("name") && candidate["name"] == name;
    });
    rules.push_back(arm != all.end() ? *arm : json(name));
    has_reference = has_reference || document.value("reference", "") == name;
  }
  document["rules"] = std::move(rules);
  if (!has_reference) document.erase("reference");
}

// What --rules names beside the file's arms becomes one, so that a --set can reach it.
void add_rules(json& document, const std::vector<std::string>& named) {
  for (const std::string& name : named) {
    const auto& all = document["rules"];
    // Of those added here each is a string as yet.
    const auto has_name = [&](const json& arm) {
      return arm.is_object() ? arm.value("name", "") == name : arm == name;
    };
    if (std::none_of(all.begin(), all.end(), has_name)) document["rules"].push_back(name);
  }
  detail::expand_shorthand(document);
}

Criterion read_criterion_of_trials(const Node& node) {
  for (const char* key : {"metric", "at_least", "at_most"}) {
    if (!node.has(key)) continue;
    node[key].fail(Code::E502, "is of tasks with data",
                   {.hint = "\"error\", \"share\" and \"of\""});
  }
  Criterion criterion;
  node.read("error", criterion.error);
  node.read("share", criterion.share);
  node.read("of", criterion.of);
  return criterion;
}

Criterion read_criterion(const Node& document) {
  Criterion criterion;
  if (!document.has("criterion")) return criterion;
  const Node node = document["criterion"];
  if (document["task"].has("trials")) return read_criterion_of_trials(node);
  for (const char* key : {"error", "share", "of"}) {
    if (!node.has(key)) continue;
    node[key].fail(Code::E502, "is of tasks in trials",
                   {.hint = "\"metric\" and \"at_least\" or \"at_most\""});
  }
  if (!node.has("metric")) node.fail(Code::E503, "needs a \"metric\"");
  if (node.has("at_least") == node.has("at_most")) {
    node.fail(Code::E503, "needs one of \"at_least\" and \"at_most\"");
  }
  node.read("metric", criterion.metric);
  criterion.at_least = node.has("at_least");
  const char* key = criterion.at_least ? "at_least" : "at_most";
  node.read(key, criterion.value);
  const bool is_accuracy = criterion.metric.ends_with("_accuracy");
  if (is_accuracy && (criterion.value < 0 || criterion.value > 1)) {
    node[key].fail(Code::E503, "is out of range",
                   {.expected = "number >= 0 and <= 1",
                    .found = fmt::format("{}", criterion.value),
                    .hint = "accuracies are fractions: 0.95, not 95"});
  }
  return criterion;
}

void check_criterion(const Node& document, const Experiment& experiment) {
  if (!experiment.has_loss() && document.has("criterion")) {
    document["criterion"].fail(Code::E503, "has nothing to judge: the training has no loss",
                               {.hint = "leave it out"});
  }
  if (!experiment.criterion.metric.starts_with("validation_")) return;
  if (experiment.task.split.validation > 0) return;
  document["criterion"].fail(
      Code::E503,
      fmt::format("needs {}, but there is no validation part", experiment.criterion.metric),
      {.hint = "\"split\": {\"validation\": 0.1} in the task"});
}

// What a sequence of contexts would make nonsense of.
void check_sequence_of(const Node& document, const Experiment& experiment) {
  if (!experiment.task.sequence) return;
  const Node node = document["task"]["sequence"];
  for (const char* key : {"criterion", "features"}) {
    if (!document.has(key)) continue;
    document[key].fail(Code::E503, "is not of a sequence of contexts",
                       {.hint = "leave it out, or \"sequence\" in the task"});
  }
  for (const Arm& arm : experiment.arms) {
    const auto refuse = [&](const char* what, const char* hint) {
      node.fail(Code::E503, fmt::format("is nothing for arm '{}', which {}", arm.name, what),
                {.hint = hint});
    };
    if (arm.spiking) refuse("spikes", "an arm without spikes");
    if (arm.training.loss.is_none()) refuse("has no loss", "a \"loss\" in the training");
    for (const Drive& drive : arm.drives) {
      const ScheduleSpec& schedule = drive.optimizer.schedule;
      if (!drive.epochs.is_everything()) refuse("drives in epochs of its own", "all epochs");
      if (schedule.type == "constant" && schedule.warmup == 0) continue;
      refuse("has a schedule: contexts would be learnt at unlike rates", "a constant rate");
    }
  }
}

std::size_t read_analysed_seeds(const Node& document) {
  if (!document.has("analyses")) return Experiment().analysed_seeds;
  const Node node = document["analyses"];
  if (!document["task"].has("trials")) node.fail(Code::E502, "is of tasks in trials");
  return node.json().value("seeds", Experiment().analysed_seeds);
}

std::string read_reference(const Node& document, const std::vector<Arm>& arms) {
  if (!document.has("reference")) return arms.front().name;
  const Node node = document["reference"];
  const auto name = node.as<std::string>();
  std::vector<std::string> known;
  for (const Arm& arm : arms) known.push_back(arm.name);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    node.fail(Code::E503, fmt::format("names no arm of \"rules\": '{}'", name),
              {.hint = suggest(name, known)});
  }
  return name;
}

Experiment read_experiment(const Node& document) {
  Experiment experiment;
  detail::check_file_name(document["name"]);
  document.read("name", experiment.name);
  document.read("description", experiment.description);
  document.read("references", experiment.references);
  experiment.task = detail::read_task(document["task"]);
  experiment.arms = detail::read_arms(document);
  experiment.reference = read_reference(document, experiment.arms);
  experiment.criterion = read_criterion(document);
  check_criterion(document, experiment);
  for (const char* key : {"features", "criterion", "margin"}) {
    if (!experiment.task.protocol || !document.has(key)) continue;
    document[key].fail(Code::E502, "is of tasks with data, and the task is a protocol",
                       {.hint = "leave it out"});
  }
  check_sequence_of(document, experiment);
  if (document.has("features")) {
    experiment.features = detail::read_features(document["features"], experiment.arms,
                                                document["task"].has("trials"));
  }
  if (document.has("margin")) experiment.margin = document["margin"].as<double>();
  document.read("seeds", experiment.seeds);
  experiment.analysed_seeds = read_analysed_seeds(document);
  document.read("jobs", experiment.jobs);
  const json no_tune = json::object();
  const Node tune = document.has("tune") ? document["tune"] : document.with(no_tune);
  experiment.tune = detail::read_tune(tune, experiment.seeds);
  document.read("tuning", experiment.tuning);
  return experiment;
}

std::string name_of_changed(std::string_view origin, const Changes& changes) {
  return std::string(origin) + (changes.sets.empty() ? "" : " with --set");
}

// steps[i]: the document before change i. Arms that are not kept are reached by nothing.
void check_reach(std::vector<json> steps, const Changes& changes) {
  const json last = steps.back();
  for (json& step : steps) {
    step["rules"] = last["rules"];
    if (!changes.rules.empty()) keep_rules(step, changes.rules);
    detail::expand_shorthand(step);
  }
  for (std::size_t i = 0; i < changes.sets.size(); ++i) {
    const std::string remark = detail::remark_on_reach(steps[i], steps[i + 1], changes.sets[i]);
    if (!remark.empty() && changes.on_remark) changes.on_remark(remark);
  }
}

}  // namespace

json changed_document(const json& document, std::string_view origin, const Changes& changes) {
  check_version(document, origin);
  validate(document, experiment_schema(), origin, k_codes);
  json full = document;
  if (!full.contains("seeds")) full["seeds"] = 10;
  detail::expand_shorthand(full);
  if (!changes.sets.empty()) {
    add_rules(full, changes.rules);
    std::vector<json> steps = {full};
    for (const std::string& set : changes.sets) {
      detail::apply_override(full, experiment_schema(), set);
      steps.push_back(full);
    }
    validate(full, experiment_schema(), name_of_changed(origin, changes), k_codes);
    check_reach(std::move(steps), changes);
  }
  if (!changes.rules.empty()) keep_rules(full, changes.rules);
  detail::expand_shorthand(full);
  return full;
}

Experiment parse_experiment(const json& document, std::string_view origin, const Changes& changes) {
  const json full = changed_document(document, origin, changes);
  return read_experiment(Node(full, name_of_changed(origin, changes)));
}

json load_changed_document(const std::filesystem::path& file, const Changes& changes) {
  return changed_document(read_json(file, k_codes), file.string(), changes);
}

Experiment load_experiment(const std::filesystem::path& file, const Changes& changes) {
  return parse_experiment(read_json(file, k_codes), file.string(), changes);
}

void check_against(const Experiment& experiment, std::size_t features, std::size_t classes) {
  if (experiment.task.protocol) return;
  const DataSpec& data = experiment.task.data;
  const std::string of_label =
      data.type != "csv"
          ? ""
          : fmt::format("; {} of '{}' is taken for the label: {}, if it is elsewhere",
                        label_column_name(data.label), data.file, k_other_label_column);
  for (const Arm& arm : experiment.arms) {
    const auto& layers = arm.network.layers;
    const auto is_input = [&](const LayerSpec& layer) {
      return std::none_of(arm.network.connections.begin(), arm.network.connections.end(),
                          [&](const ConnectionSpec& c) { return c.to == layer.name; });
    };
    const auto check = [&](const LayerSpec& layer, std::size_t needed, const char* what) {
      if (layer.units == needed) return;
      throw Error(Code::E205,
                  fmt::format("arm '{}': layer '{}' does not fit the task '{}'", arm.name,
                              layer.name, experiment.task.data.name),
                  {.expected = fmt::format("{} units, as the task has {}", needed, what),
                   .found = fmt::format("{}", layer.units),
                   .hint = fmt::format("\"units\": {}{}", needed, of_label)});
    };
    const bool is_in_trials = experiment.task.trials.has_value();
    check(*std::find_if(layers.begin(), layers.end(), is_input), features,
          is_in_trials ? "channels" : "features");
    if (arm.training.loss.is_none()) continue;
    const bool has_classes = !is_in_trials && !experiment.task.sequence;
    check(layers.back(), classes, has_classes ? "classes" : "outputs");
  }
}

}  // namespace deltaw
