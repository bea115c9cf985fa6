// SPDX-License-Identifier: Apache-2.0
// From options to a catalogue.
#include "plugin_options.hpp"

#include "say.hpp"

namespace deltaw {
namespace {

std::vector<std::filesystem::path> paths(const po::variables_map& values, const char* name) {
  if (values.count(name) == 0) return {};
  const auto& texts = values[name].as<std::vector<std::string>>();
  return {texts.begin(), texts.end()};
}

}  // namespace

void add_plugin_options(po::options_description& shown) {
  const auto many = [] { return po::value<std::vector<std::string>>()->value_name("PATH"); };
  auto add = shown.add_options();
  add("plugin", many(), "use this plugin first: its manifest or its library; repeatable");
  add("plugin-dir", many(), "look for plugins here next; repeatable");
  add("trust-project", "look into ./.deltaw/plugins as well");
}

std::vector<std::string> plugin_words(const po::variables_map& values) {
  std::vector<std::string> words;
  for (const char* option : {"plugin", "plugin-dir"}) {
    if (values.count(option) == 0) continue;
    for (const std::string& value : values[option].as<std::vector<std::string>>()) {
      words.insert(words.end(), {std::string("--") + option, value});
    }
  }
  if (values.count("trust-project") > 0) words.emplace_back("--trust-project");
  return words;
}

Catalogue make_catalogue(const po::variables_map& values) {
  SearchOptions options = search_options();
  options.plugins = paths(values, "plugin");
  options.plugin_dirs = paths(values, "plugin-dir");
  options.trust_project = values.count("trust-project") > 0;
  Catalogue catalogue(search_path(options));
  print_warnings(catalogue.warnings());
  return catalogue;
}

void print_warnings(const std::vector<Error>& warnings) {
  for (const Error& warning : warnings) say(warning.text() + "\n");
}

}  // namespace deltaw
