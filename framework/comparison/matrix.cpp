// SPDX-License-Identifier: Apache-2.0
// Each cell goes the way of `deltaw compare`: read, prepare, check, run.
#include "comparison/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "comparison/compare.hpp"
#include "comparison/matrix_experiments.hpp"
#include "core/error.hpp"
#include "experiment/load.hpp"
#include "task/task.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr const char* k_origin = "matrix";  // of the experiments, in messages
constexpr std::array k_dynamics = {Dynamics::fixed, Dynamics::settling, Dynamics::rate,
                                   Dynamics::spiking};

// The digits are read once.
class Tasks {
 public:
  explicit Tasks(const DataFolders& folders) : folders_(folders) {}

  const Task& of(const std::string& name, const TaskSpec& spec) {
    const auto known = tasks_.find(name);
    if (known != tasks_.end()) return known->second;
    return tasks_.emplace(name, make_task(spec, folders_)).first->second;
  }

 private:
  const DataFolders& folders_;
  std::map<std::string, Task> tasks_;
};

// "error[E204] arm 'RULE': rule 'RULE' cannot ..." -> "cannot ..."
std::string without_names(std::string text, const std::string& rule) {
  text = text.substr(0, text.find('\n'));
  if (text.starts_with("error[")) text = text.substr(text.find("] ") + 2);
  for (const std::string& name : {fmt::format("{}: ", k_origin), fmt::format("arm '{}': ", rule),
                                  fmt::format("rule '{}' ", rule), fmt::format("{}: ", rule)}) {
    if (text.starts_with(name)) text = text.substr(name.size());
  }
  return text;
}

// Why it does not run; empty where it does.
std::string try_it(const json& document, const std::string& rule, const std::string& task_name,
                   Catalogue& catalogue, Tasks& tasks) {
  std::string failure;
  try {
    const Experiment experiment = parse_experiment(document, k_origin);
    std::vector<PreparedArm> arms;
    arms.emplace_back(experiment.arms.front(), catalogue);
    const Task& task = tasks.of(task_name, experiment.task);
    check_against(experiment, task.inputs(), task.outputs());
    check(experiment, arms, task);
    Listener listener;
    listener.on_run = [&](const RunOutcome& outcome) { failure = outcome.record.error; };
    compare(experiment, arms, task, 1, {}, listener);
  } catch (const Error& error) {
    failure = error.text();
  }
  return without_names(failure, rule);
}

// The first experiment that runs, or why the first does not.
void fill(MatrixCell& cell, const RuleSpec& rule, Dynamics dynamics, Catalogue& catalogue,
          Tasks& tasks) {
  std::vector<std::string> missing;
  for (const json& document : matrix_experiments(rule, dynamics, cell.task)) {
    missing.push_back(try_it(document, rule.id, cell.task, catalogue, tasks));
    if (!missing.back().empty()) continue;
    cell.experiment = document;
    return;
  }
  cell.missing = missing.empty() ? fmt::format("a {} network has neither convolution nor gates",
                                               name_of(dynamics))
                                 : missing.front();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> matrix_columns() {
  std::vector<std::pair<std::string, std::string>> columns;
  for (const Dynamics dynamics : k_dynamics) {
    for (const std::string& task : matrix_tasks()) columns.emplace_back(name_of(dynamics), task);
  }
  return columns;
}

std::vector<MatrixCell> make_matrix(Catalogue& catalogue, const DataFolders& folders,
                                    const std::function<void(std::size_t, std::size_t)>& on_rule) {
  std::map<std::string, const CatalogueEntry*> usable;
  for (const CatalogueEntry& entry : catalogue.entries()) {
    if (entry.state == CatalogueEntry::State::ok) usable[entry.rule.id] = &entry;
  }
  Tasks tasks(folders);
  std::vector<MatrixCell> cells;
  std::size_t done = 0;
  for (const auto& [id, entry] : usable) {
    on_rule(done++, usable.size());
    for (const Dynamics dynamics : k_dynamics) {
      for (const std::string& task : matrix_tasks()) {
        MatrixCell cell{id, std::string(name_of(dynamics)), task, {}, {}};
        fill(cell, entry->rule, dynamics, catalogue, tasks);
        cells.push_back(std::move(cell));
      }
    }
  }
  return cells;
}

}  // namespace deltaw
