// SPDX-License-Identifier: Apache-2.0
// Written beside its place first, so that nobody finds half a rule.
#include "plugin/scaffold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "core/program.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_longest = 60;  // characters of a name

void require_known(const char* option, const std::string& given,
                   const std::vector<std::string>& known) {
  if (std::ranges::find(known, given) != known.end()) return;
  throw Error(Code::E002, fmt::format("--{} {}: there is no such", option, given),
              {.hint = suggest(given, known)});
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_plain(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

// What of it could stand: "Sparse Hebb" -> "sparse-hebb".
std::string mended(const std::string& name) {
  std::string out;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    if (is_letter(c) || (is_plain(c) && !out.empty())) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (out.ends_with('-')) out.pop_back();
  return out.substr(0, k_longest);
}

void require_name(const std::string& id) {
  std::istringstream parts(id);
  const std::string name = scaffold_name(id);
  bool is_good = !id.empty() && !id.ends_with('.') && name.size() <= k_longest;
  for (std::string part; std::getline(parts, part, '.');) {
    is_good = is_good && !part.empty() && is_letter(part.front()) && part.back() != '-' &&
              part.find("--") == std::string::npos &&
              std::ranges::all_of(part, [](char c) { return is_plain(c) || c == '-'; });
  }
  if (is_good) return;
  const std::string better = mended(name);
  throw Error(Code::E002, fmt::format("'{}' is no name for a rule", id),
              {.expected = fmt::format("small letters, digits and single '-', a letter first, at "
                                       "most {}; before it, if at all, a domain: org.example.NAME",
                                       k_longest),
               .hint = better.empty() ? "" : "deltaw new-rule " + better});
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// As people write it: "sparse-hebb" -> "Sparse hebb".
std::string readable(std::string name) {
  std::ranges::replace(name, '-', ' ');
  name.front() = static_cast<char>(name.front() + ('A' - 'a'));
  return name;
}

// The id first: it ends with the name.
std::string named(std::string text, const std::string& id) {
  const std::string name = scaffold_name(id);
  std::string type;
  bool begins = true;
  for (const char c : name) {
    if (c != '-') type += begins && is_letter(c) ? static_cast<char>(c + ('A' - 'a')) : c;
    begins = c == '-';
  }
  text = replaced(std::move(text), "org.example.my-rule", id);
  text = replaced(std::move(text), "my-rule", name);
  text = replaced(std::move(text), "my_rule", replaced(name, "-", "_"));
  text = replaced(std::move(text), "My rule", readable(name));
  return replaced(std::move(text), "MyRule", type);
}

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// From where each file of the scaffold comes.
std::map<fs::path, fs::path> layered(const ScaffoldSpec& spec, const fs::path& templates) {
  std::map<fs::path, fs::path> files;
  const fs::path language = spec.language;
  const fs::path layers[] = {"common", fs::path("kinds") / spec.kind, language / "common",
                             language / spec.kind};
  for (const fs::path& layer : layers) {
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(templates / layer, ignored)) {
      if (!entry.is_regular_file()) continue;
      const fs::path inside = entry.path().lexically_relative(templates / layer);
      files[named(inside.string(), spec.id)] = entry.path();
    }
  }
  return files;
}

[[noreturn]] void throw_unwritable(const fs::path& path, int reason) {
  throw Error(reason == ENOSPC ? Code::E602 : Code::E600,
              fmt::format("{}: cannot be written", path.string()),
              {.found = reason == 0 ? "" : std::strerror(reason)});
}

void write(const fs::path& file, const std::string& text, fs::perms permissions) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) throw_unwritable(file, error.value());
  errno = 0;
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw_unwritable(file, errno);
  fs::permissions(file, permissions | fs::perms::owner_write, error);
}

}  // namespace

const std::vector<std::string>& scaffold_languages() {
  static const std::vector<std::string> languages = {"c++", "c", "rust"};
  return languages;
}

const std::vector<std::string>& scaffold_kinds() {
  static const std::vector<std::string> kinds = {"dense", "trial", "spike", "network"};
  return kinds;
}

std::string scaffold_name(const std::string& id) { return id.substr(id.rfind('.') + 1); }

fs::path templates_folder() {
  std::error_code ignored;
  const fs::path installed = program_prefix() / "share/deltaw/templates";
  const fs::path in_tree = DELTAW_SHIPPED_TEMPLATES;
  for (const fs::path& folder : {installed, in_tree}) {
    if (fs::is_directory(folder, ignored)) return folder;
  }
  throw Error(Code::E103, "the templates of rules are not there",
              {.expected = installed.string(), .hint = "install deltaw again"});
}

std::vector<fs::path> write_scaffold(const ScaffoldSpec& spec, const fs::path& templates) {
  require_name(spec.id);
  require_known("lang", spec.language, scaffold_languages());
  require_known("kind", spec.kind, scaffold_kinds());
  std::error_code error;
  if (fs::exists(fs::symlink_status(spec.folder, error))) {
    throw Error(Code::E710, fmt::format("{}: is there already", spec.folder.string()),
                {.hint = "another name, or another --out"});
  }
  const fs::path beside = spec.folder.string() + ".new";
  fs::remove_all(beside, error);
  std::vector<fs::path> written;
  try {
    for (const auto& [file, source] : layered(spec, templates)) {
      write(beside / file, named(read(source), spec.id), fs::status(source).permissions());
      written.push_back(file);
    }
    fs::rename(beside, spec.folder, error);
    if (error) throw_unwritable(spec.folder, error.value());
  } catch (...) {
    fs::remove_all(beside, error);
    throw;
  }
  return written;
}

}  // namespace deltaw
