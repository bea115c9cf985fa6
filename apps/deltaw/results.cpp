// SPDX-License-Identifier: Apache-2.0
// deltaw results: what can be done with folders of results that are there.
#include "results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "plugin_options.hpp"
#include "store/listing.hpp"

namespace deltaw {
namespace {

struct Verb {
  const char* name;
  int (*run)(const ResultsRequest&);
};

constexpr Verb k_verbs[] = {{"list", &list_results},     {"show", &show_results},
                            {"query", &query_results},   {"export", &export_results},
                            {"verify", &verify_results}, {"gc", &sweep_results},
                            {"merge", &merge_results}};

}  // namespace

nlohmann::json results_below(const Arguments& roots) {
  nlohmann::json all = nlohmann::json::array();
  for (const std::filesystem::path root : roots.empty() ? Arguments{"results"} : roots) {
    if (!std::filesystem::is_directory(root)) {
      throw Error(Code::E603, fmt::format("'{}' is no folder", root.string()),
                  {.hint = "a folder of results, or one that has some in it"});
    }
    for (nlohmann::json entry : Listing(root).entries()) {
      const auto below = entry["folder"].get<std::string>();
      entry["folder"] = (below == "." ? root : root / below).string();
      all.push_back(std::move(entry));
    }
  }
  return all;
}

std::vector<std::filesystem::path> folders_below(const Arguments& roots) {
  std::vector<std::filesystem::path> folders;
  for (const nlohmann::json& entry : results_below(roots)) {
    folders.emplace_back(entry["folder"].get<std::string>());
  }
  std::ranges::sort(folders);
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  return folders;
}

CommandLine results_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw results list [DIR ...]         folders of results below DIR (results)\n"
      "       deltaw results show DIR               one of them, run by run\n"
      "       deltaw results query SQL [DIR ...]    a SELECT on what they hold\n"
      "       deltaw results export [DIR ...]       a whole table, as CSV or lines of JSON\n"
      "       deltaw results verify [DIR ...]       compare every file with its hash\n"
      "       deltaw results gc [DIR ...]           remove what killed processes left\n"
      "       deltaw results merge OUT SHARD ...    join what deltaw compare --shard wrote\n\n"
      "query and export know these tables: results, runs, metrics, curves, parameters, plugins,\n"
      "data and files.\n";
  auto add = line.shown.add_options();
  add("table",
      po::value<std::string>()->value_name(
          "results|runs|metrics|curves|parameters|plugins|data|files"),
      "export: which (default: metrics)");
  add("csv", "query, export: CSV with a line of names");
  add("jsonl", "query, export: an object a line");
  add("dry-run", "gc: say what would be removed, and remove nothing");
  add("overwrite", "merge: replace the results that are there");
  add("data", po::value<std::string>()->value_name("DIR"),
      "merge: folder of the data (default: $DELTAW_DATA, what was fetched, what deltaw ships)");
  add("json", "print JSON instead of text");
  add("quiet,q", "no remarks");
  add_plugin_options(line.shown);
  line.hidden.add_options()(
      "words", po::value<Arguments>()->value_name("list|show|query|export|verify|gc|merge|DIR"));
  line.positional.add("words", -1);
  return line;
}

int run_results(const Arguments& arguments) {
  const auto values = parse(arguments, results_line());
  if (!values) return 0;
  Arguments words = values->count("words") ? (*values)["words"].as<Arguments>() : Arguments();
  const std::string name = words.empty() ? "list" : words.front();
  if (!words.empty()) words.erase(words.begin());
  const auto* const verb = std::ranges::find(k_verbs, name, &Verb::name);
  if (verb != std::end(k_verbs)) return verb->run({*values, std::move(words), arguments});
  std::vector<std::string> names;
  for (const Verb& known : k_verbs) names.emplace_back(known.name);
  throw Error(Code::E002, fmt::format("'results {}' is no command", name),
              {.hint = suggest(name, names)});
}

}  // namespace deltaw
