// SPDX-License-Identifier: Apache-2.0
// From an experiment file to an Experiment, with a named error for whatever is wrong in it.
// Pure but for reading the file: any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/experiment.hpp"

namespace deltaw {

// What a command line changes in an experiment.
struct Changes {
  // "path=value" each, applied in order: a dotted path with array indices or names of elements
  // ("training.epochs=5", "rules.oja.optimizer.rate=0.1"); the value is JSON, or else a
  // string.
  std::vector<std::string> sets = {};
  // The arms to keep, in this order; a name that is no arm's is a rule id that drives the whole
  // network. Empty: all. When the file's reference is not kept, the first arm is the reference.
  std::vector<std::string> rules = {};
  // Is told of each change that reaches some arms alone, because the others have their own.
  std::function<void(const std::string&)> on_remark = {};
};

// Errors: E500 missing file, E501 syntax, E502 unknown key, E503 wrong type or value, E504 --set
// that names no place or changes nothing, E510 unknown layer or connection, E511 cycle, E512 stray
// layer, E513 connection driven by none or by two at a time, E514 lateral connections that do not
// settle.
[[nodiscard]] Experiment load_experiment(const std::filesystem::path& file,
                                         const Changes& changes = {});

// The same for a document; `origin` names it in messages.
[[nodiscard]] Experiment parse_experiment(const nlohmann::json& document, std::string_view origin,
                                          const Changes& changes = {});

// What both read: the document with its short forms written out and the changes made. Errors: those
// of the schema, and E504.
[[nodiscard]] nlohmann::json changed_document(const nlohmann::json& document,
                                              std::string_view origin, const Changes& changes);
[[nodiscard]] nlohmann::json load_changed_document(const std::filesystem::path& file,
                                                   const Changes& changes);

// Throws E205 unless each arm's input has as many units as the task has features and its output as
// many as it has classes; without a loss the output is free.
void check_against(const Experiment& experiment, std::size_t features, std::size_t classes);

}  // namespace deltaw
