// SPDX-License-Identifier: Apache-2.0
// deltaw results query and export: rows of tables, for people and for programs.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aligned.hpp"
#include "core/error.hpp"
#include "core/nearest.hpp"
#include "result/metrics_csv.hpp"
#include "results.hpp"
#include "store/question.hpp"
#include "store/tables.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// Numbers are the shortest that read back to the same bits.
std::string text_of(const json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

json object_of(const std::vector<std::string>& names, const std::vector<json>& row) {
  json object = json::object();
  for (std::size_t i = 0; i < names.size(); ++i) object[names[i]] = row[i];
  return object;
}

void print_csv(Question& question) {
  std::vector<std::string> fields;
  for (const std::string& name : question.columns()) fields.push_back(csv_field(name));
  fmt::print("{}\n", fmt::join(fields, ","));
  while (const auto row = question.next()) {
    fields.clear();
    for (const json& value : *row) fields.push_back(csv_field(text_of(value)));
    fmt::print("{}\n", fmt::join(fields, ","));
  }
}

void print_json_lines(Question& question) {
  const std::vector<std::string> names = question.columns();
  while (const auto row = question.next()) fmt::print("{}\n", object_of(names, *row).dump());
}

void print_json(Question& question) {
  const std::vector<std::string> names = question.columns();
  json rows = json::array();
  while (const auto row = question.next()) rows.push_back(object_of(names, *row));
  fmt::print("{}\n", rows.dump(2));
}

void print_table(Question& question) {
  std::vector<Row> rows = {question.columns()};
  while (const auto row = question.next()) {
    Row cells;
    for (const json& value : *row) {
      cells.push_back(value.is_number_float() ? fmt::format("{:.6g}", value.get<double>())
                      : value.is_null()       ? "-"
                                              : text_of(value));
    }
    rows.push_back(std::move(cells));
  }
  fmt::print("{}", aligned(rows, ""));
}

void require_one_form(const ResultsRequest& request) {
  if (request.has("csv") + request.has("jsonl") + request.has("json") <= 1) return;
  throw Error(Code::E002, "--csv, --jsonl and --json ask for different things");
}

}  // namespace

int query_results(const ResultsRequest& request) {
  if (request.words.empty()) {
    throw Error(
        Code::E002, "deltaw results query needs SQL",
        {.hint = "deltaw results query \"SELECT rule, avg(value) FROM metrics WHERE metric = "
                 "'test_accuracy' GROUP BY rule\"\n  the tables:\n" +
                 table_outline()});
  }
  require_one_form(request);
  Question question(request.words.front(),
                    folders_below({request.words.begin() + 1, request.words.end()}));
  if (request.has("csv")) {
    print_csv(question);
  } else if (request.has("jsonl")) {
    print_json_lines(question);
  } else if (request.has("json")) {
    print_json(question);
  } else {
    print_table(question);
  }
  return 0;
}

int export_results(const ResultsRequest& request) {
  require_one_form(request);
  const std::string table =
      request.has("table") ? request.values["table"].as<std::string>() : "metrics";
  std::vector<std::string> names;
  for (const StoreTable& known : store_tables()) names.push_back(known.name);
  if (std::ranges::find(names, table) == names.end()) {
    throw Error(Code::E002, fmt::format("no table '{}'", table), {.hint = suggest(table, names)});
  }
  Question question("SELECT * FROM " + table, folders_below(request.words));
  if (request.has("jsonl")) {
    print_json_lines(question);
  } else if (request.has("json")) {
    print_json(question);
  } else {
    print_csv(question);
  }
  return 0;
}

}  // namespace deltaw
