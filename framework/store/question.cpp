// SPDX-License-Identifier: Apache-2.0
// SQLite asks the authorizer at every table, column and function that a statement names, before it
// runs: so one preparation tells which tables to fill, and what is no reading is refused.
#include "store/question.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <set>

#include "core/error.hpp"
#include "store/tables.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Code::E002, "this SQL cannot be answered",
              {.expected = "one SELECT", .found = why, .hint = "the tables:\n" + table_outline()});
}

// `tables` is a set of names, which it fills.
int authorize(void* tables, int action, const char* table, const char*, const char*, const char*) {
  if (action == SQLITE_READ) static_cast<std::set<std::string>*>(tables)->insert(table);
  const bool is_reading = action == SQLITE_READ || action == SQLITE_SELECT ||
                          action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE;
  return is_reading ? SQLITE_OK : SQLITE_DENY;
}

// Error: E002 also for a second statement, which SQLite would pass over.
std::set<std::string> tables_named_in(const std::string& sql, SQLite::Database& database) {
  std::set<std::string> tables;
  sqlite3_set_authorizer(database.getHandle(), &authorize, &tables);
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int status = sqlite3_prepare_v2(database.getHandle(), sql.c_str(), -1, &statement, &rest);
  const bool is_empty = statement == nullptr;
  sqlite3_finalize(statement);
  sqlite3_set_authorizer(database.getHandle(), nullptr, nullptr);
  if (status != SQLITE_OK) refuse(database.getErrorMsg());
  if (is_empty) refuse("no statement");
  if (std::string_view(rest).find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    refuse("more than one statement");
  }
  return tables;
}

json value_of(const SQLite::Column& column) {
  switch (column.getType()) {
    case SQLITE_INTEGER:
      return column.getInt64();
    case SQLITE_FLOAT:
      return column.getDouble();
    case SQLITE_NULL:
      return {};
    default:
      return column.getString();
  }
}

}  // namespace

struct Question::State {
  SQLite::Database database{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  std::set<std::string> tables;
  std::optional<SQLite::Statement> statement;
};

Question::Question(const std::string& sql, const std::vector<std::filesystem::path>& folders)
    : state_(std::make_unique<State>()) {
  SQLite::Database& database = state_->database;
  for (const StoreTable& table : store_tables()) {
    database.exec(fmt::format("CREATE TABLE {} ({})", table.name, table.columns));
  }
  state_->tables = tables_named_in(sql, database);
  SQLite::Transaction filling(database);
  for (const StoreTable& table : store_tables()) {
    if (state_->tables.contains(table.name)) table.fill(database, folders);
  }
  filling.commit();
  sqlite3_set_authorizer(database.getHandle(), &authorize, &state_->tables);
  try {
    state_->statement.emplace(database, sql);
  } catch (const SQLite::Exception& error) {
    refuse(error.what());
  }
}

Question::~Question() = default;

std::vector<std::string> Question::columns() const {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(state_->statement->getColumnCount()));
  for (int i = 0; i < state_->statement->getColumnCount(); ++i) {
    names.emplace_back(state_->statement->getColumnName(i));
  }
  return names;
}

std::optional<std::vector<json>> Question::next() {
  SQLite::Statement& statement = *state_->statement;
  try {
    if (!statement.executeStep()) return std::nullopt;
  } catch (const SQLite::Exception& error) {
    refuse(error.what());
  }
  std::vector<json> row;
  row.reserve(static_cast<std::size_t>(statement.getColumnCount()));
  for (int i = 0; i < statement.getColumnCount(); ++i) {
    row.push_back(value_of(statement.getColumn(i)));
  }
  return row;
}

}  // namespace deltaw
