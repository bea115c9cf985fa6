// SPDX-License-Identifier: Apache-2.0
// The program: finds the subcommand, runs it, and turns every error into a message and exit status.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <new>
#include <system_error>

#include "commands.hpp"
#include "core/blas.hpp"
#include "core/error.hpp"
#include "core/nearest.hpp"
#include "kernels.hpp"
#include "say.hpp"
#include "version.hpp"

namespace {

using deltaw::Code;
using deltaw::Error;

int dispatch(int argc, char** argv) {
  const auto& commands = deltaw::commands();
  const std::string name = argc > 1 ? argv[1] : "--help";
  if (name == "--version") {
    fmt::print("{}", deltaw::version_text());
    return 0;
  }
  if (name == "--help" || name == "-h" || name == "help") {
    fmt::print(
        "deltaw: compare neural learning rules on one network\n\nusage: deltaw COMMAND ...\n\n");
    for (const auto& command : commands) {
      if (!command.summary.empty()) fmt::print("  {:<10} {}\n", command.name, command.summary);
    }
    fmt::print("\n  deltaw COMMAND --help tells more; deltaw --version prints versions\n");
    return 0;
  }
  std::vector<std::string> names;
  for (const auto& command : commands) {
    if (command.name == name) {
      return command.run(std::vector<std::string>(argv + 2, argv + argc));
    }
    if (!command.summary.empty()) names.emplace_back(command.name);
  }
  throw Error(Code::E002, fmt::format("no command '{}'", name),
              {.hint = deltaw::suggest(name, names)});
}

// `reason` 0: not known any more.
Error unwritable_output(int reason) {
  return Error(reason == ENOSPC ? Code::E602 : Code::E600, "cannot write to standard output",
               {.found = reason == 0 ? "" : std::generic_category().message(reason)});
}

int fail(const Error& error) {
  deltaw::say(error.text() + "\n");
  return deltaw::info(error.code()).exit_status;
}

}  // namespace

int main(int argc, char** argv) {
  deltaw::use_widest_kernels(argv);
  deltaw::use_single_threaded_blas();
  try {
    const int status = dispatch(argc, argv);
    if (std::fflush(stdout) != 0) return fail(unwritable_output(errno));
    if (std::ferror(stdout) != 0) return fail(unwritable_output(0));
    return status;
  } catch (const Error& error) {
    return fail(error);
  } catch (const std::bad_alloc&) {
    return fail(Error(Code::E003, "not enough memory",
                      {.hint = "a smaller network or batch, or fewer runs at a time with --jobs"}));
  } catch (const std::system_error& error) {
    if (std::ferror(stdout) != 0) return fail(unwritable_output(error.code().value()));
    return fail(Error(Code::E001, error.what()));
  } catch (const std::exception& error) {
    return fail(Error(Code::E001, error.what()));
  }
}
