// SPDX-License-Identifier: Apache-2.0
// Listing folders, one level deep.
#include "plugin/scan.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/json.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view ending = ".rule.json";

bool is_manifest(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.size() > ending.size() && name.ends_with(ending);
}

std::vector<fs::path> list(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    paths.push_back(entry->path());
  }
  return paths;
}

}  // namespace

std::vector<fs::path> manifests_of(const SearchPlace& place) {
  if (place.kind == SearchPlace::Kind::file) {
    if (is_manifest(place.path)) return {place.path};
    return {place.path.parent_path() / (place.path.stem().string() + std::string(ending))};
  }
  std::vector<fs::path> found;
  for (const fs::path& path : list(place.path)) {
    std::error_code ignored;
    if (is_manifest(path)) {
      found.push_back(path);
    } else if (fs::is_directory(path, ignored)) {
      for (const fs::path& below : list(path)) {
        if (is_manifest(below)) found.push_back(below);
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> ids_despite_errors(const fs::path& file) {
  std::vector<std::string> ids;
  try {
    const json document = read_json(file, {Code::E103, Code::E110, Code::E111, Code::E111});
    for (const json& rule : document.at("rules")) ids.push_back(rule.at("id"));
  } catch (const Error&) {
  } catch (const json::exception&) {
  }
  return ids.empty() ? std::vector<std::string>{""} : ids;
}

}  // namespace deltaw
