// SPDX-License-Identifier: Apache-2.0
// deltaw new-rule: a folder with a rule that works, to be made another.
#include <fmt/format.h>

#include <filesystem>

#include "core/error.hpp"
#include "core/program.hpp"
#include "options.hpp"
#include "plugin/scaffold.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

// Where find_package() finds deltaw without being told.
bool is_known_prefix(const fs::path& prefix) { return prefix == "/usr" || prefix == "/usr/local"; }

std::string next_steps(const ScaffoldSpec& spec) {
  const std::string folder = spec.folder.string(), plugins = "build/lib/deltaw/plugins/1";
  const std::string last = fmt::format(
      "  deltaw compare experiment.json --plugin-dir {}\n"
      "or, to build, check and train it at every save:\n  deltaw watch {}\n",
      plugins, fs::absolute(spec.folder).lexically_normal().string());
  if (spec.language == "rust") {
    return fmt::format("  cd {} && ./build.sh && cargo test\n{}", folder, last);
  }
  const fs::path prefix = program_prefix();
  std::string where;
  if (!is_known_prefix(prefix)) {
    where = fmt::format(" -DCMAKE_PREFIX_PATH={}", is_installed() ? prefix.string() : "PREFIX");
  }
  return fmt::format(
      "  cd {} && cmake -S . -B build{}\n  cmake --build build && ctest --test-dir build\n{}{}",
      folder, where, last,
      is_installed() ? ""
                     : "PREFIX: where cmake --install has put deltaw; this one is not installed\n");
}

}  // namespace

CommandLine new_rule_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw new-rule NAME [options]\n\n"
      "Writes a folder with a rule that can be built as it is: source with the equation to\n"
      "replace, manifest, unit test, case file, experiment, build, README and CI. A dense rule\n"
      "sees batches of a static network, a trial rule whole trials in time, a spike rule the\n"
      "spikes of both sides, a network rule the error's way down.\n";
  auto add = line.shown.add_options();
  add("lang", po::value<std::string>()->value_name("c++|c|rust")->default_value("c++"),
      "what it is written in");
  add("kind",
      po::value<std::string>()->value_name("dense|trial|spike|network")->default_value("dense"),
      "what it sees");
  add("out,o", po::value<std::string>()->value_name("DIR"),
      "the folder to write (default: the name, here)");
  line.hidden.add_options()("name", po::value<std::string>()->value_name("NAME"));
  line.positional.add("name", 1);
  return line;
}

int run_new_rule(const Arguments& arguments) {
  const auto values = parse(arguments, new_rule_line());
  if (!values) return 0;
  if (values->count("name") == 0) {
    throw Error(Code::E002, "deltaw new-rule needs a name", {.hint = "deltaw new-rule my-rule"});
  }
  ScaffoldSpec spec;
  spec.id = (*values)["name"].as<std::string>();
  spec.language = (*values)["lang"].as<std::string>();
  spec.kind = (*values)["kind"].as<std::string>();
  spec.folder =
      values->count("out") > 0 ? (*values)["out"].as<std::string>() : scaffold_name(spec.id);
  const std::vector<fs::path> files = write_scaffold(spec, templates_folder());
  fmt::print("{}: a {} rule in {}\n", spec.folder.string(), spec.kind, spec.language);
  for (const fs::path& file : files) fmt::print("  {}\n", file.string());
  fmt::print("\nnext:\n{}", next_steps(spec));
  return 0;
}

}  // namespace deltaw
