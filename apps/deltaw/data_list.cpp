// SPDX-License-Identifier: Apache-2.0
// deltaw data list: what is known of each set, and how much of it is here. Nothing is hashed.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "data.hpp"
#include "data/check.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Sight {
  fs::path folder;  // of the files, or where they are expected
  std::vector<std::optional<fs::path>> files;
  std::size_t found = 0;

  [[nodiscard]] std::string state() const {
    if (found == 0) return "absent";
    return found == files.size() ? "present" : fmt::format("{} of {}", found, files.size());
  }
};

Sight look_for(const PublishedSet& set, const DataRequest& request, const DataFolders& folders) {
  Sight sight;
  for (const PublishedFile& file : set.files) {
    sight.files.push_back(local_file(set, file, folders));
    if (!sight.files.back()) continue;
    if (sight.found++ == 0) sight.folder = sight.files.back()->parent_path();
  }
  if (sight.found == 0) sight.folder = data_home(request.folder) / set.name;
  return sight;
}

json describe(const PublishedSet& set, const Sight& sight) {
  json files = json::array();
  for (std::size_t k = 0; k < set.files.size(); ++k) {
    json file = {{"name", set.files[k].name},
                 {"bytes", set.files[k].bytes},
                 {"sha256", set.files[k].sha256},
                 {"state", sight.files[k] ? "present" : "absent"}};
    if (sight.files[k]) file["path"] = sight.files[k]->string();
    files.push_back(std::move(file));
  }
  return {{"name", set.name},
          {"title", set.title},
          {"licence", set.licence},
          {"citation", set.citation},
          {"bytes", set.bytes()},
          {"state", sight.found == 0                  ? "absent"
                    : sight.found == set.files.size() ? "present"
                                                      : "incomplete"},
          {"folder", sight.folder.string()},
          {"files", std::move(files)}};
}

}  // namespace

int list_data(const DataRequest& request) {
  const DataFolders folders = data_folders(request.folder);
  json sets = json::array();
  std::string table =
      fmt::format("{:<14} {:>5} {:>9}  {:<8} {}\n", "set", "files", "size", "state", "folder");
  std::string about;
  for (const PublishedSet* set : request.sets) {
    const Sight sight = look_for(*set, request, folders);
    sets.push_back(describe(*set, sight));
    table += fmt::format("{:<14} {:>5} {:>9}  {:<8} {}\n", set->name, set->files.size(),
                         size_text(set->bytes()), sight.state(), sight.folder.string());
    about += fmt::format("\n{}: {}\n  licence: {}\n  cite: {}\n", set->name, set->title,
                         set->licence, set->citation);
  }
  if (request.wants_json) {
    fmt::print("{}\n", json{{"sets", std::move(sets)}}.dump(2));
  } else {
    fmt::print("{}{}", table, about);
  }
  return 0;
}

}  // namespace deltaw
