// SPDX-License-Identifier: Apache-2.0
// Where plugins are looked for, in order of precedence. Any thread, as far as getenv() allows.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deltaw {

// The origin of what came with the program.
inline constexpr std::string_view k_installed = "installed";

struct SearchPlace {
  enum class Kind { file, folder };

  std::filesystem::path path;
  Kind kind = Kind::folder;
  std::string origin;  // what put it on the list: "--plugin-dir", "DELTAW_PLUGIN_PATH", "user", ...
  int level = 0;  // of precedence, 0 first; all --plugin files share one, each folder has its own
  std::string skipped;  // why it is not searched; "" when it is
};

// What decides the list. search_options() fills the lower half from this process's surroundings.
struct SearchOptions {
  std::vector<std::filesystem::path> plugins;      // --plugin
  std::vector<std::filesystem::path> plugin_dirs;  // --plugin-dir
  bool trust_project = false;                      // --trust-project

  std::optional<std::string> path_variable;  // DELTAW_PLUGIN_PATH; none when not set
  std::filesystem::path working_folder;
  std::filesystem::path data_home;  // $XDG_DATA_HOME or ~/.local/share; empty when neither is known
  std::filesystem::path program_folder;    // where the running program lies
  std::filesystem::path installed_folder;  // chosen when deltaw was built
};

[[nodiscard]] SearchOptions search_options();

// 1 --plugin files, 2 --plugin-dir folders, 3 DELTAW_PLUGIN_PATH (set but empty: nothing below),
// 4 ./.deltaw/plugins if the project is trusted, 5 the user's folder, 6 what is installed beside
// the program, then the folder chosen at build time. A folder reached twice counts where it came
// first. Errors: E102 when a --plugin-dir does not exist.
[[nodiscard]] std::vector<SearchPlace> search_path(const SearchOptions& options);

}  // namespace deltaw
