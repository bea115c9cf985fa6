// SPDX-License-Identifier: Apache-2.0
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

}  // namespace

Site::Site(const fs::path& root) {
  std::error_code missing;
  root_ = fs::canonical(root, missing);
  if (!missing && fs::is_directory(root_)) {
    listing_ = std::make_shared<Listing>(root_);
    return;
  }
  throw Error(Code::E603, fmt::format("'{}' is no folder", root.string()),
              {.hint = "the folder of the results: results"});
}

json Site::list() const { return listing_->entries(); }

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
  if (!has_results(found.parent_path())) return told(403, "no file of results");
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
