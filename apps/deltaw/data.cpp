// SPDX-License-Identifier: Apache-2.0
// deltaw data: which data sets deltaw knows, where they are, and how they get there.
#include "data.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "options.hpp"

namespace deltaw {
namespace {

double seconds_of(const std::string& text) {
  const auto seconds = number_in<double>(text);
  if (seconds && *seconds >= 0.1 && *seconds <= 3600) return *seconds;
  throw Error(Code::E002, fmt::format("--timeout {} is no time to wait", text),
              {.expected = "0.1 to 3600 seconds"});
}

DataRequest request_of(const po::variables_map& values, const std::string& verb,
                       const Arguments& names) {
  DataRequest request;
  request.is_all = values.count("all") > 0;
  for (const std::string& name : names) request.sets.push_back(&published_set(name));
  if (verb == "list" && names.empty()) request.is_all = true;
  if (request.is_all == !names.empty()) {
    throw Error(Code::E002, fmt::format("deltaw data {} needs names of data sets, or --all", verb),
                {.hint = "deltaw data list"});
  }
  for (const PublishedSet& set : published_sets()) {
    if (request.is_all && !(verb == "fetch" && set.is_shipped)) request.sets.push_back(&set);
  }
  if (values.count("data")) request.folder = values["data"].as<std::string>();
  if (values.count("from")) request.from = values["from"].as<Arguments>();
  if (values.count("timeout")) request.timeout = seconds_of(values["timeout"].as<std::string>());
  request.wants_json = values.count("json") > 0;
  request.is_quiet = values.count("quiet") > 0;
  return request;
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (bytes < 1000) return fmt::format("{} B", bytes);
  if (size < 1e6) return fmt::format("{:.1f} kB", size / 1e3);
  if (size < 1e9) return fmt::format("{:.1f} MB", size / 1e6);
  return fmt::format("{:.1f} GB", size / 1e9);
}

CommandLine data_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw data list               the known sets, and which of them are here\n"
      "       deltaw data fetch NAME ...     download what is missing; goes on where it stopped\n"
      "       deltaw data verify NAME ...    compare every file with its published SHA-256\n";
  auto add = line.shown.add_options();
  add("all", "every set (fetch: that is not shipped with deltaw)");
  add("data", po::value<std::string>()->value_name("DIR"),
      "folder of the data (default: $DELTAW_DATA, else ~/.local/share/deltaw/data)");
  add("from", po::value<Arguments>()->value_name("DIR|URL")->composing(),
      "fetch: a folder or address to copy from instead of the official ones; repeatable");
  add("timeout", po::value<std::string>()->value_name("SECONDS"),
      "fetch: how long a source may be silent (default: 30)");
  add("json", "print JSON instead of text");
  add("quiet,q", "no progress");
  line.hidden.add_options()("words", po::value<Arguments>()->value_name("list|fetch|verify|SET"));
  line.positional.add("words", -1);
  return line;
}

int run_data(const Arguments& arguments) {
  const auto values = parse(arguments, data_line());
  if (!values) return 0;
  Arguments names = values->count("words") ? (*values)["words"].as<Arguments>() : Arguments();
  const std::string verb = names.empty() ? "list" : names.front();
  if (!names.empty()) names.erase(names.begin());
  if (verb == "list") return list_data(request_of(*values, verb, names));
  if (verb == "fetch") return fetch_data(request_of(*values, verb, names));
  if (verb == "verify") return verify_data(request_of(*values, verb, names));
  throw Error(Code::E002, fmt::format("'data {}' is no command", verb),
              {.hint = suggest(verb, {"list", "fetch", "verify"})});
}

}  // namespace deltaw
