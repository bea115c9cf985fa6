// SPDX-License-Identifier: Apache-2.0
// The program: finds the subcommand, runs it, and turns every error into a message and exit status.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "commands.hpp"
#include "core/blas.hpp"
#include "core/error.hpp"
#include "core/nearest.hpp"

namespace {

using deltaw::Code;
using deltaw::Error;

int dispatch(int argc, char** argv) {
  const auto& commands = deltaw::commands();
  const std::string name = argc > 1 ? argv[1] : "--help";
  if (name == "--version") {
    fmt::print("deltaw {}\n", DELTAW_VERSION);
    return 0;
  }
  if (name == "--help" || name == "-h" || name == "help") {
    fmt::print(
        "deltaw: compare neural learning rules on one network\n\nusage: deltaw COMMAND ...\n\n");
    for (const auto& command : commands) fmt::print("  {:<10} {}\n", command.name, command.summary);
    fmt::print("\n  deltaw COMMAND --help tells more; deltaw --version prints the version\n");
    return 0;
  }
  std::vector<std::string> names;
  for (const auto& command : commands) {
    if (command.name == name) {
      return command.run(std::vector<std::string>(argv + 2, argv + argc));
    }
    names.emplace_back(command.name);
  }
  throw Error(Code::E002, fmt::format("no command '{}'", name),
              {.hint = deltaw::suggest(name, names)});
}

}  // namespace

int main(int argc, char** argv) {
  deltaw::use_single_threaded_blas();
  try {
    return dispatch(argc, argv);
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n", error.text());
    return deltaw::info(error.code()).exit_status;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", Error(Code::E001, error.what()).text());
    return deltaw::info(Code::E001).exit_status;
  }
}
