// SPDX-License-Identifier: Apache-2.0
// deltaw rules: which rules there are, what one needs, and where they were looked for.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "plugin/quarantine.hpp"
#include "plugin_options.hpp"
#include "rules_json.hpp"
#include "rules_text.hpp"

namespace deltaw {
namespace {

void print(const nlohmann::json& document) {
  fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

CommandLine rules_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw rules                 list the rules that are found\n"
      "       deltaw rules show NAME       all about one; NAME may be id@version\n"
      "       deltaw rules --why NAME      where it was looked for, and what was found\n"
      "       deltaw rules --forget NAME   lift the quarantine of its library\n";
  add_plugin_options(line.shown);
  auto add = line.shown.add_options();
  add("why", po::value<std::string>()->value_name("RULE"), "explain the search for a rule");
  add("forget", po::value<std::string>()->value_name("RULE"), "lift a quarantine");
  add("json", "print JSON instead of text");
  line.hidden.add_options()("words", po::value<Arguments>()->value_name("show|RULE"));
  line.positional.add("words", -1);
  return line;
}

int run_rules(const Arguments& arguments) {
  const auto values = parse(arguments, rules_line());
  if (!values) return 0;
  const Arguments words = values->count("words") ? (*values)["words"].as<Arguments>() : Arguments();
  const bool wants_one = words.size() == 2 && words[0] == "show";
  if (!words.empty() && !wants_one) {
    throw Error(Code::E002, fmt::format("'rules {}' is no command", fmt::join(words, " ")),
                {.hint = "deltaw rules show NAME"});
  }
  const bool wants_json = values->count("json") > 0;
  const Catalogue catalogue = make_catalogue(*values);
  if (wants_one) {
    const CatalogueEntry& entry = catalogue.find(words[1]);
    wants_json ? print(describe(entry)) : fmt::print("{}", show_text(entry));
  } else if (values->count("forget")) {
    const CatalogueEntry& entry = catalogue.find((*values)["forget"].as<std::string>());
    const Quarantine quarantine(Quarantine::usual_folder());
    const bool was_there = quarantine.forget(sha256_hex(entry.manifest->library));
    fmt::print("{}: {}\n", entry.rule.id,
               was_there ? "its library will be tried again" : "its library is in no quarantine");
  } else if (values->count("why")) {
    const auto name = (*values)["why"].as<std::string>();
    wants_json ? print(describe(catalogue)) : fmt::print("{}", why_text(catalogue, name));
    (void)catalogue.find(name);
  } else {
    wants_json ? print(describe(catalogue)) : fmt::print("{}", list_text(catalogue));
  }
  return 0;
}

}  // namespace deltaw
