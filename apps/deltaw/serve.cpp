// SPDX-License-Identifier: Apache-2.0
// deltaw serve: results in a browser, and the curves of what runs as they grow.
#include <fmt/format.h>

#include "core/error.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "say.hpp"
#include "serve/server.hpp"

namespace deltaw {
CommandLine serve_line() {
  CommandLine line;
  line.usage =
      "deltaw serve [FOLDER] [options]\n\n"
      "Shows the results below FOLDER (results) as pages for a browser of this machine: a list,\n"
      "reports, and the learning curves of comparisons that run. Reads only. Ctrl-C ends it.";
  auto add = line.shown.add_options();
  add("port", po::value<std::string>()->value_name("N"),
      "where it listens (default: 8642; 0: any that is free)");
  add("address", po::value<std::string>()->value_name("ADDRESS"),
      "on which address (default: 127.0.0.1, for this machine alone; any other shows the results "
      "to "
      "whoever reaches it)");
  line.hidden.add_options()("folder", po::value<std::string>()->value_name("FOLDER"));
  line.positional.add("folder", 1);
  return line;
}

int run_serve(const Arguments& arguments) {
  const auto values = parse(arguments, serve_line());
  if (!values) return 0;
  const auto text = [&](const char* option, const char* otherwise) {
    return values->count(option) > 0 ? (*values)[option].as<std::string>() : otherwise;
  };
  Server server(Site(text("folder", "results")), text("address", "127.0.0.1"),
                port_of(*values, 8642));
  fmt::print("{}\n", server.url());
  std::fflush(stdout);
  const Interrupt interrupt;
  server.run([] { return !Interrupt::is_requested(); });
  return 0;
}

}  // namespace deltaw
