// SPDX-License-Identifier: Apache-2.0
// Parsing a command line, and naming what is wrong with it.
#include "options.hpp"

#include <fmt/format.h>

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <sstream>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

[[noreturn]] void refuse_unknown(const std::string& given, const po::options_description& shown) {
  const std::string option = given.substr(0, given.find('='));
  std::vector<std::string> names, begun;
  for (const auto& known : shown.options()) names.push_back("--" + known->long_name());
  for (const std::string& name : names) {
    if (name.starts_with(option)) begun.push_back(name);
  }
  const std::string& meant = begun.size() == 1 ? begun.front() : option;
  throw Error(Code::E002, fmt::format("no option '{}'", option), {.hint = suggest(meant, names)});
}

}  // namespace

std::optional<po::variables_map> parse(const Arguments& arguments, const CommandLine& line) {
  po::options_description shown(line.shown), all;
  shown.add_options()("help", "print this");
  all.add(shown).add(line.hidden);
  po::variables_map values;
  try {
    constexpr int style =
        po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments)
                  .options(all)
                  .positional(line.positional)
                  .style(style)
                  .run(),
              values);
    if (values.count("help") == 0) po::notify(values);
  } catch (const po::unknown_option& error) {
    refuse_unknown(error.get_option_name(), shown);
  } catch (const po::too_many_positional_options_error&) {
    throw Error(Code::E002, "too many arguments", {.hint = "--help"});
  } catch (const po::error& error) {
    throw Error(Code::E002, error.what(), {.hint = "--help"});
  }
  if (values.count("help") == 0) return values;
  std::ostringstream options;
  options << shown;
  fmt::print("{}\n{}", line.usage, options.str());
  return {};
}

std::vector<std::string> parts_of(const std::string& list) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t at = 0; at != std::string::npos; from = at + 1) {
    at = list.find(',', from);
    parts.push_back(list.substr(from, at - from));
  }
  return parts;
}

std::uint16_t port_of(const po::variables_map& values, std::uint16_t otherwise) {
  if (values.count("port") == 0) return otherwise;
  const auto text = values["port"].as<std::string>();
  if (const auto port = number_in<std::uint16_t>(text)) return *port;
  throw Error(Code::E002, fmt::format("--port {} is no port", text),
              {.expected = "0 (one that is free) to 65535"});
}

}  // namespace deltaw
