// SPDX-License-Identifier: Apache-2.0
// deltaw check: what a rule's library does, beside what its manifest says.
#include "conformance/check.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "check_text.hpp"
#include "plugin_options.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

CommandLine command_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw check RULE|MANIFEST [options]\n\n"
      "Asks a rule, or all rules of a manifest, in processes of their own: changes each unit,\n"
      "each synapse, each scalar that it is shown, and the memory, instance, process and time "
      "that\n"
      "it is not, and compares every bit of its answers. Prints how local it is, with the\n"
      "evidence. Exit status 3 when the manifest claims less or the contract is broken, 5 when "
      "the\nrule crashes.\n";
  add_plugin_options(line.shown);
  auto add = line.shown.add_options();
  add("locality", "only how local it is, and what could hide that");
  add("json", "print JSON instead of text");
  line.hidden.add_options()("rule", po::value<std::string>());
  line.positional.add("rule", 1);
  return line;
}

bool is_manifest(const std::string& name) {
  return name.ends_with(".json") || name.find('/') != std::string::npos;
}

}  // namespace

int run_check(const Arguments& arguments) {
  const auto values = parse(arguments, command_line());
  if (!values) return 0;
  if (values->count("rule") == 0) {
    throw Error(Code::E002, "deltaw check needs a rule or a manifest",
                {.hint = "deltaw rules lists the rules"});
  }
  const auto name = (*values)["rule"].as<std::string>();
  Manifest manifest;
  std::vector<RuleSpec> rules;
  if (is_manifest(name)) {
    manifest = read_manifest(name);
    rules = manifest.rules;
  } else {
    const Catalogue catalogue = make_catalogue(*values);
    const CatalogueEntry& entry = catalogue.find(name);
    manifest = *entry.manifest;
    rules = {entry.rule};
  }
  const bool wants_json = values->count("json") > 0;
  json all = json::array();
  std::optional<Error> refused;
  for (const RuleSpec& rule : rules) {
    all.push_back(check_rule(manifest, rule, values->count("locality") == 0));
    if (!wants_json) fmt::print("{}{}", all.size() > 1 ? "\n" : "", check_text(all.back()));
    if (!refused) refused = refusal(all.back());
  }
  if (wants_json) fmt::print("{}\n", all.dump(2));
  std::fflush(stdout);
  if (refused) throw Error(*refused);
  return 0;
}

}  // namespace deltaw
