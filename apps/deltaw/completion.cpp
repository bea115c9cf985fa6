// SPDX-License-Identifier: Apache-2.0
// A value's name says what it may be: words in small letters are choices, RULE and SET are known
// names, the others files or folders ("list|fetch|verify|SET", "RULE|MANIFEST", "DIR").
#include "completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options/cmdline.hpp>
#include <sstream>

#include "core/error.hpp"
#include "data/sources.hpp"
#include "options.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/search_path.hpp"

namespace deltaw {
namespace {

using Option = po::option_description;

bool takes_value(const Option& option) { return option.semantic()->max_tokens() > 0; }

// Without what Boost adds of a default.
std::string value_name(const Option& option) {
  const std::string name = option.semantic()->name();
  return name.substr(0, name.find(" ("));
}

// Those that a user could name, with the folders of plugins that stand on the line.
std::vector<std::string> rule_ids(const Arguments& words) {
  SearchOptions options = search_options();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    std::error_code ignored;
    const std::filesystem::path path = words[i + 1];
    if (words[i] == "--plugin-dir" && std::filesystem::is_directory(path, ignored)) {
      options.plugin_dirs.push_back(path);
    }
    if (words[i] == "--plugin") options.plugins.push_back(path);
  }
  std::vector<std::string> ids;
  try {
    const Catalogue catalogue(search_path(options));
    for (const CatalogueEntry& entry : catalogue.entries()) {
      ids.push_back(entry.rule.id);
    }
  } catch (const Error&) {  // a line that is not finished may be wrong
  }
  return ids;
}

class Completion {
 public:
  explicit Completion(const Arguments& words) : words_(words), part_(words.back()) {}

  std::vector<std::string> find() {
    if (words_.size() == 1) {
      offer("--help");
      offer("--version");
      for (const Command& command : commands()) {
        if (!command.summary.empty()) offer(std::string(command.name));
      }
      return found_;
    }
    const auto command = std::ranges::find(commands(), words_.front(), &Command::name);
    if (command == commands().end() || command->line == nullptr) return found_;
    const CommandLine line = command->line();
    const Option* const before = option(line, words_[words_.size() - 2]);
    if (before != nullptr && takes_value(*before)) {
      offer_values(value_name(*before));
    } else if (part_.starts_with('-')) {
      offer("--help");
      for (const auto& known : line.shown.options()) offer("--" + known->long_name());
    } else if (const Option* const next = positional(line)) {
      offer_values(value_name(*next));
    }
    return found_;
  }

 private:
  void offer(const std::string& word) {
    if (word.starts_with(part_)) found_.push_back(word);
  }

  static const Option* option(const CommandLine& line, const std::string& word) {
    if (!word.starts_with('-')) return nullptr;
    for (const auto& known : line.shown.options()) {
      const std::string name =
          known->canonical_display_name(po::command_line_style::allow_dash_for_short);
      if (word == "--" + known->long_name() || word == name) return known.get();
    }
    return nullptr;
  }

  // The option of `hidden` that the word being typed is.
  const Option* positional(const CommandLine& line) const {
    unsigned count = 0;
    for (std::size_t i = 1; i + 1 < words_.size(); ++i) {
      const Option* const known = option(line, words_[i]);
      if (known != nullptr && takes_value(*known)) {
        ++i;
      } else if (!words_[i].starts_with('-')) {
        ++count;
      }
    }
    if (count >= line.positional.max_total_count()) return nullptr;
    return line.hidden.find_nothrow(line.positional.name_for_position(count), false);
  }

  void offer_values(const std::string& name) {
    const bool is_list = name.ends_with(",...");
    std::istringstream parts(is_list ? name.substr(0, name.size() - 4) : name);
    const std::size_t comma = is_list ? part_.rfind(',') : std::string::npos;
    const std::string before = comma == std::string::npos ? "" : part_.substr(0, comma + 1);
    for (std::string part; std::getline(parts, part, '|');) {
      for (const std::string& value : values(part)) {
        value.starts_with(':') ? found_.push_back(value) : offer(before + value);
      }
    }
  }

  std::vector<std::string> values(const std::string& name) const {
    if (name == "RULE") return rule_ids(words_);
    if (name == "SET") {
      std::vector<std::string> names;
      for (const PublishedSet& set : published_sets()) names.push_back(set.name);
      return names;
    }
    if (name == "EXPERIMENT" || name == "MANIFEST") return {":files json"};
    if (name == "DIR") return {":folders"};
    if (name == "FILE" || name == "SO" || name == "PATH") return {":files"};
    const bool is_choice = name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
    return is_choice ? std::vector<std::string>{name} : std::vector<std::string>{};
  }

  const Arguments& words_;
  const std::string& part_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> completions(const Arguments& words) {
  return words.empty() ? std::vector<std::string>{} : Completion(words).find();
}

// deltaw complete WORD...: called by the shells' scripts.
int run_complete(const Arguments& words) {
  for (const std::string& word : completions(words)) fmt::print("{}\n", word);
  return 0;
}

}  // namespace deltaw
