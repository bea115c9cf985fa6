// SPDX-License-Identifier: Apache-2.0
// deltaw man: the man page, from the table of commands, their options and the list of errors.
#include <fmt/format.h>

#include <boost/program_options/cmdline.hpp>
#include <map>
#include <string>

#include "commands.hpp"
#include "core/error.hpp"
#include "options.hpp"

namespace deltaw {
namespace {

// For troff: "-" is a hyphen unless it is told otherwise, and a line may not begin with "." or "'".
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += fmt::format("\\&{}", c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string options_text(const po::options_description& options) {
  std::string text;
  for (const auto& option : options.options()) {
    const std::string name =
        option->canonical_display_name(po::command_line_style::allow_dash_for_short);
    const std::string both = name.starts_with("--") || name == option->long_name()
                                 ? "--" + option->long_name()
                                 : name + ", --" + option->long_name();
    const std::string value =
        option->semantic()->max_tokens() > 0 ? option->semantic()->name() : "";
    text += fmt::format(".TP\n.B {}\n", escaped(both + (value.empty() ? "" : " " + value)));
    text += escaped(option->description()) + "\n";
  }
  return text;
}

// Usage as it is typed; what follows the first empty line is prose.
std::string command_text(const Command& command) {
  const CommandLine line = command.line();
  const std::string usage(line.usage);
  const std::size_t gap = usage.find("\n\n");
  std::string text =
      fmt::format(".SS {}\n.nf\n{}\n.fi\n", escaped(command.name), escaped(usage.substr(0, gap)));
  if (gap != std::string::npos) text += fmt::format(".PP\n{}\n", escaped(usage.substr(gap + 2)));
  return text + options_text(line.shown);
}

std::string errors_text() {
  std::string text;
  for (const CodeInfo& code : all_codes()) {
    text += fmt::format(".TP\n.B {}\n{} (exit status {})\n", code.name, escaped(code.meaning),
                        code.exit_status);
  }
  return text;
}

constexpr std::string_view k_ending = R"(.SH EXIT STATUS
0 success; 1 a bug in deltaw; 2 wrong input; 3 a plugin is refused; 4 a rule failed in a run; 5 a plugin
crashed while it was checked; 6 results could not be written; 130 interrupted.
.SH ENVIRONMENT
.TP
.B DELTAW_PLUGIN_PATH
folders of plugins, with colons between; set and empty, only what the command line names is used
.TP
.B DELTAW_DATA
the folder of data sets
.TP
.B XDG_DATA_HOME
in place of ~/.local/share, where the user's plugins and data are
)";

}  // namespace

int run_man(const Arguments&) {
  fmt::print(
      ".TH DELTAW 1 \"\" \"deltaw {}\"\n.SH NAME\ndeltaw \\- compare neural learning rules on "
      "one network\n.SH SYNOPSIS\n.B deltaw\n.I COMMAND\n[...]\n.SH COMMANDS\n",
      DELTAW_VERSION);
  for (const Command& command : commands()) {
    if (command.summary.empty()) continue;
    fmt::print(".TP\n.B {}\n{}\n", escaped(command.name), escaped(command.summary));
  }
  fmt::print(".SH OPTIONS\nEach command has\n.BR \\-\\-help .\n");
  for (const Command& command : commands()) {
    if (command.line != nullptr) fmt::print("{}", command_text(command));
  }
  fmt::print("{}.SH ERRORS\n{}", k_ending, errors_text());
  return 0;
}

}  // namespace deltaw
