// SPDX-License-Identifier: Apache-2.0
// What folders of results hold, as tables of SQLite. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace SQLite {  // NOLINT(readability-identifier-naming): the library's name
class Database;
}

namespace deltaw {

struct StoreTable {
  std::string name, columns;  // "metrics", "folder TEXT, rule TEXT, ..."
  void (*fill)(SQLite::Database&, const std::vector<std::filesystem::path>&);
};

[[nodiscard]] const std::vector<StoreTable>& store_tables();

// "metrics(folder, rule, seed, metric, value)", a line each.
[[nodiscard]] std::string table_outline();

}  // namespace deltaw
