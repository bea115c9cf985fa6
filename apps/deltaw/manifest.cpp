// SPDX-License-Identifier: Apache-2.0
// deltaw manifest: the manifest that an author wrote, checked against the library that he built,
// and completed. deltaw_add_rule() calls it at build time.
#include "plugin/manifest.hpp"

#include <deltaw/abi.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "conformance/check.hpp"
#include "core/error.hpp"
#include "core/json.hpp"
#include "core/sha256.hpp"
#include "plugin/library.hpp"
#include "plugin_options.hpp"
#include "rehearsal.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string platform() {
  utsname name{};
  uname(&name);
  std::string system = name.sysname;
  std::transform(system.begin(), system.end(), system.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return fmt::format("{}-{}", system, name.machine);
}

json build_notes(const po::variables_map& values) {
  json notes = {{"deltaw", DELTAW_VERSION}};
  if (values.count("build") == 0) return notes;
  for (const std::string& note : values["build"].as<Arguments>()) {
    const std::size_t equals = note.find('=');
    if (equals == std::string::npos) {
      throw Error(Code::E002, fmt::format("--build {}", note), {.expected = "KEY=VALUE"});
    }
    notes[note.substr(0, equals)] = note.substr(equals + 1);
  }
  return notes;
}

// The author need not say what can be seen; what he says must be so.
json completed(json document, const fs::path& file, const fs::path& library,
               const po::variables_map& values) {
  if (!document.is_object()) return document;
  const std::string name = library.filename().string();
  if (document.value("library", json(name)) != name) {
    throw Error(Code::E137, fmt::format("{}: /library is not what was built", file.string()),
                {.expected = fmt::format("\"{}\"", name), .found = document["library"].dump()});
  }
  document["library"] = name;
  if (!document.contains("abi")) document["abi"] = fmt::format("{}.0", DELTAW_ABI_MAJOR);
  document["platform"] = platform();
  document["build"] = build_notes(values);
  document.erase("sha256");
  if (!document.contains("rules") || !document["rules"].is_array()) return document;
  for (json& rule : document["rules"]) {
    if (rule.is_object()) rule.erase("measured");
  }
  return document;
}

// A reader sees the old manifest or the new one, never half of it.
void write(const fs::path& file, const std::string& text) {
  const fs::path beside = file.string() + ".new";
  std::ofstream stream(beside, std::ios::binary);
  stream << text;
  stream.close();
  std::error_code error;
  if (stream) fs::rename(beside, file, error);
  if (!stream || error) {
    throw Error(Code::E600, fmt::format("{}: cannot be written", file.string()),
                {.found = error ? error.message() : "", .hint = "another --output"});
  }
}

}  // namespace

CommandLine manifest_line() {
  CommandLine line;
  line.usage =
      "usage: deltaw manifest FILE --library SO [--output FILE]\n\n"
      "Checks the manifest strictly, opens the library, compares both, makes each rule once,\n"
      "measures how local it is as deltaw check does, and writes the manifest with that and the\n"
      "library's name, hash and platform.\n";
  auto add = line.shown.add_options();
  add("library", po::value<std::string>()->value_name("SO")->required(), "the library built");
  add("output", po::value<std::string>()->value_name("FILE"), "where to write; default: stdout");
  add("build", po::value<Arguments>()->value_name("KEY=VALUE"),
      "noted under \"build\", for bug reports; repeatable");
  line.hidden.add_options()("manifest",
                            po::value<std::string>()->value_name("MANIFEST")->required());
  line.positional.add("manifest", 1);
  return line;
}

int run_manifest(const Arguments& arguments) {
  const auto values = parse(arguments, manifest_line());
  if (!values) return 0;
  const fs::path file = (*values)["manifest"].as<std::string>();
  const fs::path library = (*values)["library"].as<std::string>();

  json document = completed(read_json(file, {Code::E103, Code::E110, Code::E111, Code::E111}), file,
                            library, *values);
  Manifest manifest = parse_manifest(document, file);
  check_strictly(document, file.string());
  manifest.library = library;
  const Library opened(manifest);
  print_warnings(opened.warnings());
  for (const RuleSpec& rule : manifest.rules) rehearse(opened, rule);
  for (std::size_t i = 0; i < manifest.rules.size(); ++i) {
    const json checked = check_rule(manifest, manifest.rules[i]);
    if (const auto refused = refusal(checked)) throw Error(*refused);
    if (checked["measured"].is_null()) continue;
    document["rules"][i]["measured"] = {{"locality", checked["measured"]}};
  }

  document["sha256"] = sha256_hex(library);
  const std::string text = document.dump(2) + "\n";
  if (values->count("output")) {
    write((*values)["output"].as<std::string>(), text);
  } else {
    fmt::print("{}", text);
  }
  return 0;
}

}  // namespace deltaw
