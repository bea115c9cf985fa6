// SPDX-License-Identifier: Apache-2.0
#include "plugin/search_path.hpp"

#include <cstdlib>

#include "fixture.hpp"
#include "places.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

SearchOptions all_of(const Folder& folder) {
  const fs::path& p = folder.path();
  for (const char* name : {"given", "second"}) fs::create_directories(p / name);
  SearchOptions options;
  options.plugins = {p / "a.rule.json", p / "b.so"};
  options.plugin_dirs = {p / "given", p / "second"};
  options.path_variable = (p / "env1").string() + "::" + (p / "env2").string();
  options.trust_project = true;
  options.working_folder = p / "work";
  options.data_home = p / "home";
  options.program_folder = p / "bin";
  options.installed_folder = p / "usr/lib/deltaw/plugins/1";
  return options;
}

std::vector<std::string> paths_below(const Folder& folder, const std::vector<SearchPlace>& places) {
  std::vector<std::string> paths;
  for (const SearchPlace& place : places) {
    if (place.skipped.empty()) paths.push_back(place.path.lexically_relative(folder.path()));
  }
  return paths;
}

}  // namespace

TEST_CASE("the search path follows the order of precedence") {
  const Folder folder;
  const auto places = search_path(all_of(folder));
  CHECK(paths_below(folder, places) ==
        std::vector<std::string>{"a.rule.json", "b.so", "given", "second", "env1", "env2",
                                 "work/.deltaw/plugins", "home/deltaw/plugins/1",
                                 "lib/deltaw/plugins/1", "usr/lib/deltaw/plugins/1"});
  CHECK(places[0].level == places[1].level);
  for (std::size_t i = 2; i < places.size(); ++i) CHECK(places[i].level > places[i - 1].level);
  CHECK(places[0].kind == SearchPlace::Kind::file);
  CHECK(places[4].origin == "DELTAW_PLUGIN_PATH");
}

TEST_CASE("an empty DELTAW_PLUGIN_PATH closes project, user and installed folders") {
  const Folder folder;
  SearchOptions options = all_of(folder);
  options.path_variable = "";
  const auto places = search_path(options);
  CHECK(paths_below(folder, places) ==
        std::vector<std::string>{"a.rule.json", "b.so", "given", "second"});
  CHECK(places.back().skipped == "DELTAW_PLUGIN_PATH is set and empty");
}

TEST_CASE("a project is searched only when it is trusted") {
  const Folder folder;
  SearchOptions options = all_of(folder);
  options.trust_project = false;
  options.path_variable = std::nullopt;
  const auto places = search_path(options);
  CHECK(paths_below(folder, places) ==
        std::vector<std::string>{"a.rule.json", "b.so", "given", "second", "home/deltaw/plugins/1",
                                 "lib/deltaw/plugins/1", "usr/lib/deltaw/plugins/1"});
  CHECK(places[4].skipped == "--trust-project is not given");
}

TEST_CASE("a folder reached twice counts once, where it came first") {
  const Folder folder;
  SearchOptions options = all_of(folder);
  fs::create_directories(folder.path() / "bin");
  options.path_variable = std::nullopt;
  options.plugin_dirs = {folder.path() / "given", folder.path() / "second/../given/"};
  options.installed_folder = folder.path() / "lib/deltaw/plugins/1";
  CHECK(paths_below(folder, search_path(options)) ==
        std::vector<std::string>{"a.rule.json", "b.so", "given", "work/.deltaw/plugins",
                                 "home/deltaw/plugins/1", "lib/deltaw/plugins/1"});
}

TEST_CASE("a project that is not trusted cannot close a later folder by linking to it") {
  const Folder folder;
  SearchOptions options = all_of(folder);
  options.trust_project = false;
  options.path_variable = std::nullopt;
  fs::create_directories(options.data_home / "deltaw/plugins/1");
  fs::create_directories(options.working_folder / ".deltaw");
  fs::create_directory_symlink(options.data_home / "deltaw/plugins/1",
                               options.working_folder / ".deltaw/plugins");
  CHECK(paths_below(folder, search_path(options)) ==
        std::vector<std::string>{"a.rule.json", "b.so", "given", "second", "home/deltaw/plugins/1",
                                 "lib/deltaw/plugins/1", "usr/lib/deltaw/plugins/1"});
}

TEST_CASE("a --plugin-dir that does not exist is E102") {
  const Folder folder;
  SearchOptions options = all_of(folder);
  options.plugin_dirs = {folder.path() / "nowhere"};
  const Error error = error_of([&] { (void)search_path(options); });
  CHECK(error.code() == Code::E102);
  CHECK(has(error.text(), "nowhere: no such directory"));
  CHECK(info(error.code()).exit_status == 2);
}

TEST_CASE("the environment names the user's folders") {
  setenv("XDG_DATA_HOME", "/data", 1);
  setenv("HOME", "/home/me", 1);
  setenv("DELTAW_PLUGIN_PATH", "", 1);
  CHECK(search_options().data_home == "/data");
  CHECK(search_options().path_variable == "");
  setenv("XDG_DATA_HOME", "relative", 1);
  unsetenv("DELTAW_PLUGIN_PATH");
  CHECK(search_options().data_home == "/home/me/.local/share");
  CHECK_FALSE(search_options().path_variable.has_value());
  unsetenv("XDG_DATA_HOME");
  unsetenv("HOME");
  CHECK(search_options().data_home.empty());
  CHECK(search_options().program_folder == fs::path(k_build_folder) / "tests");
}
