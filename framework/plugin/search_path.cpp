// SPDX-License-Identifier: Apache-2.0
// The list of places, and what the environment says about it.
#include "plugin/search_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "core/error.hpp"
#include "core/program.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

// The ABI's major version: plugins of another could not be used anyway.
constexpr const char* folder_of_plugins = "deltaw/plugins/1";

class List {
 public:
  void file(const fs::path& path) {
    places_.push_back({path, SearchPlace::Kind::file, "--plugin", 0, ""});
  }

  void folder(const fs::path& path, std::string_view origin, const std::string& skipped = "") {
    std::error_code ignored;
    const fs::path clean = fs::weakly_canonical(path, ignored);
    const auto is_same = [&](const SearchPlace& place) {
      return place.path == clean && place.skipped.empty();
    };
    if (clean.empty() || std::any_of(places_.begin(), places_.end(), is_same)) return;
    places_.push_back({clean, SearchPlace::Kind::folder, std::string(origin), ++level_, skipped});
  }

  std::vector<SearchPlace> take() { return std::move(places_); }

 private:
  std::vector<SearchPlace> places_;
  int level_ = 0;
};

// The XDG Base Directory Specification asks to ignore a relative path.
fs::path home_of_data() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && fs::path(data).is_absolute()) return data;
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? fs::path(home) / ".local/share" : fs::path();
}

}  // namespace

SearchOptions search_options() {
  SearchOptions options;
  const char* variable = std::getenv("DELTAW_PLUGIN_PATH");
  if (variable != nullptr) options.path_variable = variable;
  std::error_code ignored;
  options.working_folder = fs::current_path(ignored);
  options.data_home = home_of_data();
  options.program_folder = program_file().parent_path();
  options.installed_folder = DELTAW_PLUGIN_FOLDER;
  return options;
}

std::vector<SearchPlace> search_path(const SearchOptions& options) {
  List list;
  for (const fs::path& file : options.plugins) list.file(file);
  for (const fs::path& folder : options.plugin_dirs) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
      throw Error(Code::E102, fmt::format("--plugin-dir {}: no such directory", folder.string()));
    }
    list.folder(folder, "--plugin-dir");
  }
  if (options.path_variable) {
    std::istringstream folders(*options.path_variable);
    for (std::string folder; std::getline(folders, folder, ':');) {
      if (!folder.empty()) list.folder(folder, "DELTAW_PLUGIN_PATH");
    }
  }
  const bool is_closed = options.path_variable && options.path_variable->empty();
  const std::string closed = is_closed ? "DELTAW_PLUGIN_PATH is set and empty" : "";
  const std::string distrusted = options.trust_project ? "" : "--trust-project is not given";
  if (!options.working_folder.empty()) {
    list.folder(options.working_folder / ".deltaw/plugins", "project",
                is_closed ? closed : distrusted);
  }
  if (!options.data_home.empty()) {
    list.folder(options.data_home / folder_of_plugins, "user", closed);
  }
  if (!options.program_folder.empty()) {
    list.folder(options.program_folder / "../lib" / folder_of_plugins, k_installed, closed);
  }
  list.folder(options.installed_folder, k_installed, closed);
  return list.take();
}

}  // namespace deltaw
