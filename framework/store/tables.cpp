// SPDX-License-Identifier: Apache-2.0
// Rows are inserted in the order of folders, rules and seeds. What is damaged is left out, but for
// the run itself, whose status says so.
#include "store/tables.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "core/error.hpp"
#include "result/file.hpp"
#include "result/metrics_csv.hpp"
#include "result/npy.hpp"
#include "result/sums.hpp"
#include "store/runs.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Folders = std::vector<fs::path>;

class Insert {
 public:
  Insert(SQLite::Database& database, const char* table, std::size_t columns)
      : statement_(database, text(table, columns)) {}

  void row(std::initializer_list<json> values) {
    int place = 0;
    for (const json& value : values) bind(++place, value);
    statement_.exec();
    statement_.reset();
  }

 private:
  static std::string text(const char* table, std::size_t columns) {
    std::string marks = "?";
    for (std::size_t i = 1; i < columns; ++i) marks += ", ?";
    return fmt::format("INSERT INTO {} VALUES ({})", table, marks);
  }
  void bind(int place, const json& value) {
    if (value.is_null()) return statement_.bind(place);
    if (value.is_boolean()) return statement_.bind(place, value.get<bool>() ? 1 : 0);
    if (value.is_number_float()) return statement_.bind(place, value.get<double>());
    if (value.is_number()) return statement_.bind(place, value.get<std::int64_t>());
    if (value.is_string()) return statement_.bind(place, value.get<std::string>());
    statement_.bind(place, value.dump());
  }

  SQLite::Statement statement_;
};

json value_of(const json& document, const char* key) {
  return document.is_object() && document.contains(key) ? document[key] : json();
}

void fill_results(SQLite::Database& database, const Folders& folders) {
  Insert insert(database, "results", 12);
  for (const fs::path& folder : folders) {
    const json experiment = json_in(folder / "experiment.json");
    const json provenance = json_in(folder / "provenance.json");
    const auto told = [&](const char* key) { return value_of(provenance, key); };
    const json host = told("host");
    insert.row({folder.string(), value_of(experiment, "name"), told("started"), told("finished"),
                told("command"), told("shard"), told("deltaw"), told("program"), told("compiler"),
                told("blas"), value_of(host, "cpu"), value_of(host, "os")});
  }
}

void fill_runs(SQLite::Database& database, const Folders& folders) {
  Insert insert(database, "runs", 5);
  for (const fs::path& folder : folders) {
    for (const StoredRun& run : stored_runs(folder)) {
      insert.row({folder.string(), run.rule, run.seed, run.status, value_of(run.record, "error")});
    }
  }
}

void fill_metrics(SQLite::Database& database, const Folders& folders) {
  Insert insert(database, "metrics", 5);
  for (const fs::path& folder : folders) {
    for (const StoredRun& run : stored_runs(folder)) {
      if (run.record.is_null()) continue;
      for (const auto& [name, value] : run.record["metrics"].items()) {
        insert.row({folder.string(), run.rule, run.seed, name, value});
      }
    }
  }
}

json or_null(const std::optional<double>& value) { return value ? json(*value) : json(); }

std::vector<RunRecord> curves_of(const StoredRun& run) {
  const fs::path file = run.folder / "metrics.csv";
  try {
    return parse_metrics_csv(read_file(file), file.string());
  } catch (const Error&) {
    return {};
  }
}

void fill_curves(SQLite::Database& database, const Folders& folders) {
  Insert insert(database, "curves", 13);
  for (const fs::path& folder : folders) {
    for (const StoredRun& run : stored_runs(folder)) {
      for (const RunRecord& record : curves_of(run)) {
        for (const EpochRow& row : record.curve) {
          insert.row({folder.string(), run.rule, run.seed, row.epoch, row.updates, row.seconds,
                      or_null(row.train_loss), or_null(row.train_accuracy),
                      or_null(row.validation_loss), or_null(row.validation_accuracy),
                      or_null(row.test_loss), or_null(row.test_accuracy), or_null(row.alignment)});
        }
      }
    }
  }
}

// "/training/batch": "training.batch".
std::string dotted(std::string pointer) {
  std::ranges::replace(pointer, '/', '.');
  return pointer.substr(pointer.empty() ? 0 : 1);
}

void fill_parameters(SQLite::Database& database, const Folders& folders) {
  Insert insert(database, "parameters", 4);
  const auto add = [&](const fs::path& folder, const json& rule, const json& document) {
    const json flat = document.flatten();
    for (const auto& [pointer, value] : flat.items()) {
      insert.row({folder.string(), rule, dotted(pointer), value});
    }
  };
  for (const fs::path& folder : folders) {
    json experiment = json_in(folder / "experiment.json");
    if (!experiment.is_object()) continue;
    for (const json& rule : value_of(experiment, "rules")) {
      add(folder, value_of(rule, "name"), rule);
    }
    experiment.erase("rules");
    add(folder, {}, experiment);
  }
}

void fill_plugins(SQLite::Database& database, const Folders& folders) {
  Insert insert(database, "plugins", 5);
  for (const fs::path& folder : folders) {
    for (const json& plugin : value_of(json_in(folder / "provenance.json"), "plugins")) {
      insert.row({folder.string(), value_of(plugin, "rule"), value_of(plugin, "version"),
                  value_of(plugin, "library"), value_of(plugin, "sha256")});
    }
  }
}

void fill_data(SQLite::Database& database, const Folders& folders) {
  Insert insert(database, "data", 3);
  for (const fs::path& folder : folders) {
    for (const json& file : value_of(json_in(folder / "provenance.json"), "data")) {
      insert.row({folder.string(), value_of(file, "file"), value_of(file, "sha256")});
    }
  }
}

void fill_files(SQLite::Database& database, const Folders& folders) {
  Insert insert(database, "files", 9);
  for (const fs::path& folder : folders) {
    for (const StoredRun& run : stored_runs(folder)) {
      for (const auto& [name, sum] : recorded_sums(run.folder)) {
        const fs::path file = run.folder / name;
        std::error_code gone;
        const auto bytes = fs::file_size(file, gone);
        json rows, columns, type;
        if (!gone && file.extension() == ".npy") {
          try {
            const NpyShape shape = npy_shape(file);
            rows = shape.rows, columns = shape.columns, type = shape.type;
          } catch (const Error&) {  // deltaw results verify tells
          }
        }
        insert.row({folder.string(), run.rule, run.seed, name, gone ? json() : json(bytes), sum,
                    rows, columns, type});
      }
    }
  }
}

}  // namespace

const std::vector<StoreTable>& store_tables() {
  static const std::vector<StoreTable> tables = {
      {"results",
       "folder TEXT, name TEXT, started TEXT, finished TEXT, command TEXT, shard TEXT, "
       "deltaw TEXT, program TEXT, compiler TEXT, blas TEXT, cpu TEXT, os TEXT",
       &fill_results},
      {"runs", "folder TEXT, rule TEXT, seed INTEGER, status TEXT, error TEXT", &fill_runs},
      {"metrics", "folder TEXT, rule TEXT, seed INTEGER, metric TEXT, value REAL", &fill_metrics},
      {"curves",
       "folder TEXT, rule TEXT, seed INTEGER, epoch INTEGER, updates INTEGER, seconds REAL, "
       "train_loss REAL, train_accuracy REAL, validation_loss REAL, validation_accuracy REAL, "
       "test_loss REAL, test_accuracy REAL, alignment REAL",
       &fill_curves},
      {"parameters", "folder TEXT, rule TEXT, path TEXT, value", &fill_parameters},
      {"plugins", "folder TEXT, rule TEXT, version TEXT, library TEXT, sha256 TEXT", &fill_plugins},
      {"data", "folder TEXT, file TEXT, sha256 TEXT", &fill_data},
      {"files",
       "folder TEXT, rule TEXT, seed INTEGER, file TEXT, bytes INTEGER, sha256 TEXT, "
       "rows INTEGER, columns INTEGER, type TEXT",
       &fill_files}};
  return tables;
}

std::string table_outline() {
  std::string outline;
  for (const StoreTable& table : store_tables()) {
    const std::string names =
        std::regex_replace(table.columns, std::regex(" (TEXT|INTEGER|REAL)"), "");
    outline += fmt::format("{}{}({})", outline.empty() ? "" : "\n", table.name, names);
  }
  return outline;
}

}  // namespace deltaw
