// SPDX-License-Identifier: Apache-2.0
// deltaw results list and show: which results there are, and what is in one.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aligned.hpp"
#include "core/error.hpp"
#include "result/folder.hpp"
#include "results.hpp"
#include "store/runs.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

std::string shown(const json& value) {
  if (value.is_null()) return "-";
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

json to_json(const StoredRun& run) {
  json document = {{"rule", run.rule}, {"seed", run.seed}, {"status", run.status}};
  for (const char* key : {"metrics", "error"}) {
    if (run.record.is_object() && run.record.contains(key)) document[key] = run.record[key];
  }
  return document;
}

// Of the error of a failed run the headline.
Row row_of(const json& run, const std::string& metric) {
  const json metrics = run.value("metrics", json::object());
  const auto value = [&](const std::string& name) {
    return shown(metrics.contains(name) ? metrics[name] : json());
  };
  const std::string error = run.value("error", "");
  return {shown(run["rule"]), shown(run["seed"]), shown(run["status"]),
          value(metric),      value("seconds"),   error.substr(0, error.find('\n'))};
}

}  // namespace

int list_results(const ResultsRequest& request) {
  const json all = results_below(request.words);
  if (request.has("json")) {
    fmt::print("{}\n", all.dump(2));
    return 0;
  }
  std::vector<Row> rows = {{"folder", "experiment", "state", "runs", "started"}};
  for (const json& entry : all) {
    const std::string shard = entry.value("shard", "");
    rows.push_back({shown(entry["folder"]),
                    shown(entry["name"]) + (shard.empty() ? "" : " " + shard),
                    shown(entry["state"]),
                    fmt::format("{}/{}", entry["done"].get<std::size_t>(),
                                entry.value("runs", std::size_t{0})),
                    shown(entry["started"])});
  }
  fmt::print("{}", all.empty() ? "no results here\n" : aligned(rows, ""));
  return 0;
}

int show_results(const ResultsRequest& request) {
  if (request.words.size() != 1) {
    throw Error(Code::E002, "deltaw results show needs one folder of results",
                {.hint = "deltaw results list"});
  }
  const ResultFolder folder = ResultFolder::open(request.words.front());
  json told = results_below(request.words).at(0);
  told["provenance"] = folder.provenance();
  told["runs"] = json::array();
  for (const StoredRun& run : stored_runs(folder.path())) told["runs"].push_back(to_json(run));
  if (request.has("json")) {
    fmt::print("{}\n", told.dump(2));
    return 0;
  }
  const json& provenance = told["provenance"];
  const json experiment = folder.experiment();
  const std::string metric = experiment.contains("criterion")
                                 ? experiment["criterion"].value("metric", "train_accuracy")
                                 : "train_accuracy";
  std::vector<Row> rows = {{"rule", "seed", "status", metric, "seconds", ""}};
  for (const json& run : told["runs"]) rows.push_back(row_of(run, metric));
  fmt::print("{}: {}\n{}\nstarted {}, finished {}, deltaw {} on {}\n\n{}", shown(told["name"]),
             shown(told["state"]), shown(provenance["command"]), shown(provenance["started"]),
             shown(provenance["finished"]), shown(provenance["deltaw"]),
             shown(provenance["host"]["cpu"]), aligned(rows, ""));
  return 0;
}

}  // namespace deltaw
