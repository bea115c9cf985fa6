// SPDX-License-Identifier: Apache-2.0
#include "rule_folder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/program.hpp"

namespace deltaw {

namespace fs = std::filesystem;

RuleFolder::RuleFolder(fs::path path)
    : path_(std::move(path)), is_cmake_(fs::exists(path_ / "CMakeLists.txt")) {
  if (is_cmake_ || fs::exists(path_ / "build.sh")) return;
  throw Error(Code::E603, fmt::format("'{}' is no folder of a rule", path_.string()),
              {.expected = "CMakeLists.txt, or build.sh, in it", .hint = "deltaw new-rule NAME"});
}

std::vector<std::vector<std::string>> RuleFolder::build() const {
  if (!is_cmake_) return {{"sh", (path_ / "build.sh").string()}};
  const fs::path build = path_ / "build";
  std::vector<std::vector<std::string>> commands;
  // CMake leaves its cache where it fails, and these only where it does not.
  if (!fs::exists(build / "Makefile") && !fs::exists(build / "build.ninja")) {
    commands.push_back({"cmake", "-S", path_.string(), "-B", build.string()});
    if (is_installed()) {
      commands.back().push_back("-DCMAKE_PREFIX_PATH=" + program_prefix().string());
    }
  }
  commands.push_back({"cmake", "--build", build.string(), "--target", "deltaw_rules"});
  return commands;
}

fs::path RuleFolder::plugins() const { return path_ / "build/lib/deltaw/plugins/1"; }

std::vector<fs::path> RuleFolder::manifests() const {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& folder : fs::directory_iterator(plugins(), ignored)) {
    for (const auto& file : fs::directory_iterator(folder.path(), ignored)) {
      const bool is_manifest = file.path().string().ends_with(".rule.json");
      // What a rule was called earlier stays in the build.
      if (is_manifest && fs::exists(path_ / file.path().filename())) found.push_back(file.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace deltaw
