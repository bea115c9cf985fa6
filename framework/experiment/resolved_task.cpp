// SPDX-License-Identifier: Apache-2.0
// The inverse of read_task, read_trials and read_protocol.
#include "experiment/resolved_task.hpp"

#include <nlohmann/json.hpp>

namespace deltaw::detail {
namespace {

using nlohmann::json;

json to_json(const TimeSpan& interval) { return {interval.from, interval.to}; }

json to_json(const Answers& answers) {
  if (answers.no == -answers.yes) return answers.yes;
  return {answers.no, answers.yes};
}

json to_json(const TrialTaskSpec& spec) {
  json out = {{"type", spec.type}, {"dt", spec.dt}};
  if (spec.type == "sine-sum") {
    out["amplitudes"] = spec.sines.amplitudes;
    out["frequencies"] = spec.sines.frequencies;
    out["peak"] = spec.sines.peak;
    out["response"] = to_json(spec.sines.response);
    if (spec.sines.input) out["input"] = to_json(*spec.sines.input);
    return out;
  }
  out["order"] = spec.order;
  if (spec.type == "selective-integration") {
    out["stimulus"] = to_json(spec.integration.stimulus);
    out["response"] = to_json(spec.integration.response);
    out["bias"] = spec.integration.bias;
    out["scale"] = spec.integration.scale;
    out["target"] = to_json(spec.integration.target);
    return out;
  }
  out["first"] = to_json(spec.match.first);
  out["second"] = to_json(spec.match.second);
  out["response"] = to_json(spec.match.response);
  if (const auto& delay = spec.match.delay) {
    out["delay"] = delay->from == delay->to ? json(delay->from) : to_json(*delay);
  }
  out["target"] = to_json(spec.match.target);
  if (!spec.match.then.empty()) {
    out["then"] = spec.match.then;
    out["each"] = spec.match.each;
  }
  return out;
}

json to_json(const SequenceSpec& spec) {
  json out = {{"type", spec.type},
              {"contexts", spec.contexts},
              {"scenario", spec.scenario},
              {"updates", spec.updates},
              {"reset_optimizer", spec.resets_optimizer},
              {"joint", spec.has_joint}};
  if (spec.type == "split") out["order"] = spec.is_order_drawn ? "drawn" : "ascending";
  if (spec.matched_accuracy > 0) out["match_at"] = spec.matched_accuracy;
  return out;
}

json to_json(const SweepSpec& sweep) {
  return {{"from", sweep.from}, {"to", sweep.to}, {"step", sweep.step}};
}

json to_json(const ProtocolSpec& spec) {
  json out = {{"type", spec.type}};
  if (spec.type == "pairing") {
    out["lags"] = to_json(spec.lags);
    out["pairs"] = spec.pairs;
    out["interval"] = spec.interval;
    return out;
  }
  out["show"] = spec.show;
  if (spec.type == "current-sweep") out["values"] = to_json(spec.values);
  if (spec.type == "rectification") {
    out["samples"] = spec.samples;
    out["tolerance"] = spec.tolerance;
  }
  return out;
}

}  // namespace

json to_json(const TaskSpec& spec) {
  if (spec.protocol) return {{"name", spec.data.name}, {"protocol", to_json(*spec.protocol)}};
  if (spec.trials) return {{"name", spec.data.name}, {"trials", to_json(*spec.trials)}};
  json out = {{"type", spec.data.type},
              {"name", spec.data.name},
              {"split",
               {{"train", spec.split.train},
                {"validation", spec.split.validation},
                {"test", spec.split.test},
                {"stratified", spec.split.stratified},
                {"limit_train", spec.split.limit_train},
                {"limit_test", spec.split.limit_test}}},
              {"scale", spec.scale},
              {"targets", spec.targets}};
  if (spec.has_label_inputs) out["label_inputs"] = true;
  if (spec.split.seed) out["split"]["seed"] = *spec.split.seed;
  if (spec.sequence) out["sequence"] = to_json(*spec.sequence);
  if (spec.data.type == "idx") {
    out["images"] = spec.data.images;
    out["labels"] = spec.data.labels;
    out["classes"] = spec.data.classes;
    if (!spec.data.test_images.empty()) {
      out["test_images"] = spec.data.test_images;
      out["test_labels"] = spec.data.test_labels;
    }
  }
  if (spec.data.type == "cifar") {
    out["files"] = spec.data.files;
    if (!spec.data.test_files.empty()) out["test_files"] = spec.data.test_files;
  }
  if (spec.data.type == "csv") {
    out["file"] = spec.data.file;
    if (!spec.data.test_file.empty()) out["test_file"] = spec.data.test_file;
    out["label"] = spec.data.label;
    out["header"] = spec.data.header;
    out["classes"] = spec.data.classes;
    out["maximum"] = spec.data.maximum;
    out["width"] = spec.data.width;
    out["height"] = spec.data.height;
  }
  return out;
}

}  // namespace deltaw::detail
