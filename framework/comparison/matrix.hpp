// SPDX-License-Identifier: Apache-2.0
// Which rule runs with which dynamics on which task, or the one thing that is missing: found by
// doing it for a moment, through the checks that every comparison goes through. One thread.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plugin/catalogue.hpp"
#include "task/find_data.hpp"

namespace deltaw {

struct MatrixCell {
  std::string rule, dynamics, task;
  std::string missing;        // empty: it runs
  nlohmann::json experiment;  // that runs; null where none does
};

// The columns, dynamics by dynamics: {dynamics, task} each.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> matrix_columns();

// A cell for each usable rule of the catalogue, by name, and each column. Uses the digits that ship
// with the project. Before each rule `on_rule` hears how many of how many are done. Errors: those
// of the data.
[[nodiscard]] std::vector<MatrixCell> make_matrix(
    Catalogue& catalogue, const DataFolders& folders,
    const std::function<void(std::size_t, std::size_t)>& on_rule);

}  // namespace deltaw
