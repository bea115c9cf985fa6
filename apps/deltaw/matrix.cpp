// SPDX-License-Identifier: Apache-2.0
// deltaw matrix: every rule with every dynamics on every task.
#include "comparison/matrix.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "aligned.hpp"
#include "plugin_options.hpp"
#include "say.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

json as_json(const std::vector<MatrixCell>& cells) {
  json out = json::array();
  for (const MatrixCell& cell : cells) {
    json entry = {{"rule", cell.rule}, {"dynamics", cell.dynamics}, {"task", cell.task}};
    entry["runs"] = cell.missing.empty();
    if (cell.missing.empty()) {
      entry["experiment"] = cell.experiment;
    } else {
      entry["missing"] = cell.missing;
    }
    out.push_back(entry);
  }
  return out;
}

// What no rule does: "rate: classes, features (a data set needs a static network)".
std::string nowhere_text(const std::vector<MatrixCell>& cells) {
  std::map<std::pair<std::string, std::string>, std::string> missing;
  for (const MatrixCell& cell : cells) missing[{cell.dynamics, cell.task}] = cell.missing;
  for (const MatrixCell& cell : cells) {
    if (cell.missing.empty()) missing.erase({cell.dynamics, cell.task});
  }
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> tasks;
  for (const auto& [column, reason] : missing) {
    tasks[{column.first, reason}].push_back(column.second);
  }
  std::string text;
  for (const auto& [what, of] : tasks) {
    text += fmt::format("no rule, {}: {} ({})\n", what.first, fmt::join(of, ", "), what.second);
  }
  return text;
}

// Columns in which no rule runs are told below: what is missing there is the same for all.
std::string as_text(const std::vector<MatrixCell>& cells) {
  std::vector<std::pair<std::string, std::string>> shown = matrix_columns();
  std::erase_if(shown, [&](const auto& column) {
    return std::ranges::none_of(cells, [&](const MatrixCell& cell) {
      return std::pair(cell.dynamics, cell.task) == column && cell.missing.empty();
    });
  });
  std::vector<Row> rows = {{""}, {"rule"}};
  for (const auto& [dynamics, task] : shown) {
    rows[0].push_back(dynamics);
    rows[1].push_back(task);
  }
  std::vector<std::string> reasons;
  for (const MatrixCell& cell : cells) {
    if (std::ranges::find(shown, std::pair(cell.dynamics, cell.task)) == shown.end()) continue;
    if (rows.size() == 2 || rows.back().front() != cell.rule) rows.push_back({cell.rule});
    if (cell.missing.empty()) {
      rows.back().push_back("runs");
      continue;
    }
    const auto known = std::ranges::find(reasons, cell.missing);
    rows.back().push_back(fmt::format("[{}]", known - reasons.begin() + 1));
    if (known == reasons.end()) reasons.push_back(cell.missing);
  }
  std::string text = aligned(rows, "") + "\n";
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    text += fmt::format("[{}] {}\n", i + 1, reasons[i]);
  }
  return text + nowhere_text(cells);
}

}  // namespace

CommandLine matrix_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw matrix [options]\n\n"
      "Lets every rule learn for a moment with every dynamics on every task, and says which do,\n"
      "or the one thing that is missing. With --json each that runs comes with its experiment.\n";
  add_plugin_options(line.shown);
  auto add = line.shown.add_options();
  add("data", po::value<std::string>()->value_name("DIR"), "folder of the data");
  add("json", "print JSON instead of text");
  add("quiet,q", "no progress");
  return line;
}

int run_matrix(const Arguments& arguments) {
  const auto values = parse(arguments, matrix_line());
  if (!values) return 0;
  std::optional<std::filesystem::path> folder;
  if (values->count("data") > 0) folder = (*values)["data"].as<std::string>();
  Catalogue catalogue = make_catalogue(*values);
  const bool is_told = values->count("quiet") == 0 && isatty(STDERR_FILENO) != 0;
  const std::vector<MatrixCell> cells =
      make_matrix(catalogue, data_folders(folder), [&](std::size_t done, std::size_t all) {
        if (is_told) say(fmt::format("\r\x1b[K{} of {} rules", done, all));
      });
  if (is_told) say("\r\x1b[K");
  if (values->count("json") > 0) {
    fmt::print("{}\n", as_json(cells).dump(2));
  } else {
    fmt::print("{}", as_text(cells));
  }
  return 0;
}

}  // namespace deltaw
