// SPDX-License-Identifier: Apache-2.0
// Command lines of subcommands: Boost.Program_options with our errors.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"

namespace deltaw {

namespace po = boost::program_options;

// What a subcommand takes. `shown` is printed by --help; `positional` names options of `hidden`.
struct CommandLine {
  std::string_view usage;  // the text above the list of options
  po::options_description shown{"options"};
  po::options_description hidden;
  po::positional_options_description positional;
};

// None when --help was asked for and printed. Errors: E002, with the nearest option.
[[nodiscard]] std::optional<po::variables_map> parse(const Arguments& arguments,
                                                     const CommandLine& line);

// The parts of a list with commas between them, empty ones too.
[[nodiscard]] std::vector<std::string> parts_of(const std::string& list);

// The number that the whole text is; empty where it is none.
template <class N>
[[nodiscard]] std::optional<N> number_in(const std::string& text) {
  N number{};
  const char* const all = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), all, number);
  if (error != std::errc() || end != all) return {};
  return number;
}

// --port, where it is given, else `otherwise`. Error: E002.
[[nodiscard]] std::uint16_t port_of(const po::variables_map& values, std::uint16_t otherwise);

}  // namespace deltaw
