// SPDX-License-Identifier: Apache-2.0
// deltaw results: what can be done with folders of results that are there.
#include "results.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "plugin_options.hpp"

namespace deltaw {

CommandLine results_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw results merge OUT SHARD ...   join what deltaw compare --shard wrote\n";
  auto add = line.shown.add_options();
  add("overwrite", "merge: replace the results that are there");
  add("data", po::value<std::string>()->value_name("DIR"),
      "merge: folder of the data (default: $DELTAW_DATA, what was fetched, what deltaw ships)");
  add("json", "print JSON instead of text");
  add("quiet,q", "no remarks");
  add_plugin_options(line.shown);
  line.hidden.add_options()("words", po::value<Arguments>()->value_name("merge|DIR"));
  line.positional.add("words", -1);
  return line;
}

int run_results(const Arguments& arguments) {
  const auto values = parse(arguments, results_line());
  if (!values) return 0;
  Arguments words = values->count("words") ? (*values)["words"].as<Arguments>() : Arguments();
  const std::string verb = words.empty() ? "" : words.front();
  if (!words.empty()) words.erase(words.begin());
  const ResultsRequest request{*values, std::move(words), arguments};
  if (verb == "merge") return merge_results(request);
  throw Error(Code::E002, fmt::format("'results {}' is no command", verb),
              {.hint = suggest(verb, {"merge"})});
}

}  // namespace deltaw
