// SPDX-License-Identifier: Apache-2.0
// A folder of results is one with experiment.json and provenance.json, or with progress.jsonl.
#include "serve/site.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/error.hpp"
#include "report/live_page.hpp"
#include "result/file.hpp"
#include "result/folder.hpp"
#include "result/progress_file.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* k_watch = "watch.json";  // what `deltaw watch` tells, in the root
constexpr int k_depth = 4;                     // of folders below the root that are looked into

Response told(unsigned status, const std::string& what) {
  return {status, "text/plain; charset=utf-8", what + "\n"};
}

Response as_json(const json& document) {
  return {200, "application/json",
          document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

// Without zeros, which no path has: "/" stands for each, so that such a name is none of ours.
std::string decoded(std::string_view text) {
  if (text.empty()) return "";  // a length of 0 would mean up to a zero
  int length = 0;
  char* plain = curl_easy_unescape(nullptr, text.data(), static_cast<int>(text.size()), &length);
  if (plain == nullptr) throw std::bad_alloc();
  std::string out(plain, static_cast<std::size_t>(length));
  curl_free(plain);
  std::ranges::replace(out, '\0', '/');
  return out;
}

// "a=1&b=2" at "b": "2".
std::string value_in(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.substr(0, pair.find('=')) == name && pair.size() > name.size()) {
      return decoded(pair.substr(name.size() + 1));
    }
  }
  return "";
}

std::string type_of(const fs::path& file) {
  const std::string extension = file.extension();
  if (extension == ".html") return "text/html; charset=utf-8";
  if (extension == ".json") return "application/json";
  if (extension == ".csv") return "text/csv; charset=utf-8";
  return "application/octet-stream";
}

// Folders are written, removed and closed to us while we look.
bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

std::string text_in(const json& document, const char* key) {
  if (!document.is_object() || !document.contains(key) || !document[key].is_string()) return "";
  return document[key];
}

std::size_t ended_runs(const fs::path& folder) {
  std::size_t count = 0;
  std::error_code ignored;
  for (const auto& arm : fs::directory_iterator(folder / "runs", ignored)) {
    for (const auto& run : fs::directory_iterator(arm.path(), ignored)) {
      const json record = json_in(run.path() / "run.json");
      const std::string status = text_in(record, "status");
      count += !status.empty() && status != "interrupted";
    }
  }
  return count;
}

// Of the runs that ended there: [{rule, seed, rows: [{epoch, test_loss, ...}]}].
json curves_in(const fs::path& folder) {
  json runs = json::array();
  if (!is_there(folder / "experiment.json")) return runs;
  for (const RunRecord& record : ResultFolder::open(folder).runs()) {
    json rows = json::array();
    for (const EpochRow& row : record.curve) rows.push_back(to_json(row));
    runs.push_back({{"rule", record.rule}, {"seed", record.seed}, {"rows", rows}});
  }
  return runs;
}

// One entry of the list, or nothing where the folder has no results.
std::optional<json> entry_of(const fs::path& folder) {
  const auto progress = read_progress(folder);
  const bool has_results =
      is_there(folder / "experiment.json") && is_there(folder / "provenance.json");
  if (!progress && !has_results) return std::nullopt;
  json entry = {{"state", "stopped"}, {"name", folder.filename().string()}};
  const json experiment = json_in(folder / "experiment.json");
  if (const std::string name = text_in(experiment, "name"); !name.empty()) entry["name"] = name;
  if (experiment.is_object() && experiment.contains("rules") && experiment.contains("seeds")) {
    entry["runs"] = experiment["rules"].size() * experiment["seeds"].size();
  }
  entry["done"] = ended_runs(folder);
  if (progress && progress->is_written) {
    entry["state"] = "running";
  } else if (is_there(folder / "summary.json") && entry.value("runs", 0u) == entry["done"]) {
    entry["state"] = "finished";
  }
  entry["has_report"] = is_there(folder / "report.html");
  entry["started"] = text_in(json_in(folder / "provenance.json"), "started");
  return entry;
}

void collect(const fs::path& folder, const fs::path& root, int depth, json& list) {
  if (auto entry = entry_of(folder)) {
    (*entry)["folder"] = folder == root ? "." : folder.lexically_relative(root).string();
    list.push_back(std::move(*entry));
    return;
  }
  if (depth == 0) return;
  std::error_code ignored;
  for (const auto& inside : fs::directory_iterator(folder, ignored)) {
    if (inside.is_symlink(ignored) || !inside.is_directory(ignored)) continue;
    if (!inside.path().filename().string().starts_with(".")) {
      collect(inside.path(), root, depth - 1, list);
    }
  }
}

}  // namespace

Site::Site(const fs::path& root) {
  std::error_code missing;
  root_ = fs::canonical(root, missing);
  if (!missing && fs::is_directory(root_)) return;
  throw Error(Code::E603, fmt::format("'{}' is no folder", root.string()),
              {.hint = "the folder of the results: results"});
}

json Site::list() const {
  json all = json::array();
  collect(root_, root_, k_depth, all);
  std::ranges::sort(all.get_ref<json::array_t&>(), [](const json& a, const json& b) {
    const auto key = [](const json& entry) {
      return std::pair(entry.value("started", ""), entry.value("folder", ""));
    };
    return key(a) > key(b);
  });
  return all;
}

Response Site::get(std::string_view target) const {
  const std::size_t mark = target.find('?');
  const std::string path = decoded(target.substr(0, mark));
  const std::string query(mark == std::string_view::npos ? "" : target.substr(mark + 1));
  if (path == "/") return {200, "text/html; charset=utf-8", results_page()};
  if (path == "/list.json") return as_json(list());
  if (path == "/progress.json") return progress(query);
  if (path.starts_with("/live/")) {
    bool is_outside = false;
    const fs::path folder = below(path.substr(6), is_outside);
    if (is_outside) return told(403, "outside the folder that is served");
    if (folder.empty() || !fs::is_directory(folder)) return told(404, "no such folder");
    return {200, "text/html; charset=utf-8", live(folder)};
  }
  if (path.starts_with("/files/")) return file(path.substr(7));
  return told(404, "no such page");
}

Response Site::progress(const std::string& query) const {
  bool is_outside = false;
  const fs::path folder = below(value_in(query, "folder"), is_outside);
  if (is_outside) return told(403, "outside the folder that is served");
  if (folder.empty()) return told(404, "no such folder");
  const std::string text = value_in(query, "from");
  std::size_t from = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), from);
  if (!text.empty() && read.ptr != text.data() + text.size()) {
    return told(400, "from: the number of a line");
  }
  json answer = {{"lines", json::array()},
                 {"next", from},
                 {"is_written", false},
                 {"has_report", is_there(folder / "report.html")}};
  if (const auto found = read_progress(folder, from)) {
    answer.update(
        {{"lines", found->lines}, {"next", found->next}, {"is_written", found->is_written}});
    if (!found->head.is_null()) answer["head"] = found->head;
  }
  const json watch = json_in(root_ / k_watch);
  if (watch.is_object()) answer["watch"] = watch;
  return as_json(answer);
}

std::string Site::live(const fs::path& folder) const {
  json recorded = json::array();
  const json watch = json_in(root_ / k_watch);
  if (watch.is_object() && watch.contains("others")) {
    recorded = curves_in(root_ / watch["others"].get<std::string>());
  }
  const auto progress = read_progress(folder);
  // What has ended is no longer told as progress.
  if (!progress) std::ranges::move(curves_in(folder), std::back_inserter(recorded));
  return live_page(folder == root_ ? "." : folder.lexically_relative(root_).string(),
                   progress ? progress->head : json(), recorded);
}

Response Site::file(const std::string& path) const {
  bool is_outside = false;
  const fs::path found = below(path, is_outside);
  if (is_outside) return told(403, "outside the folder that is served");
  if (found.empty() || !fs::is_regular_file(found)) return told(404, "no such file");
  if (!entry_of(found.parent_path())) return told(403, "no file of results");
  return {200, type_of(found), read_file(found)};
}

fs::path Site::below(const std::string& path, bool& is_outside) const {
  std::error_code missing;
  const fs::path whole = (root_ / fs::path(path).relative_path()).lexically_normal();
  const fs::path real = fs::canonical(whole, missing);
  const auto is_inside = [&](const fs::path& place) {
    return std::mismatch(root_.begin(), root_.end(), place.begin(), place.end()).first ==
           root_.end();
  };
  is_outside = !is_inside(whole) || (!missing && !is_inside(real));
  return missing || is_outside ? fs::path() : real;
}

}  // namespace deltaw
