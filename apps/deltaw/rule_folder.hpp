// SPDX-License-Identifier: Apache-2.0
// The folder of a rule that is being written, as `deltaw new-rule` makes it. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace deltaw {

class RuleFolder {
 public:
  // Error: E603 when the folder has neither CMakeLists.txt nor build.sh.
  explicit RuleFolder(std::filesystem::path path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // The commands that build its rules, without their tests, in their order; the first time CMake is
  // told where deltaw is installed, if the running program is.
  [[nodiscard]] std::vector<std::vector<std::string>> build() const;
  // Where the built plugins lie.
  [[nodiscard]] std::filesystem::path plugins() const;
  // The built manifests of those whose own still lies in the folder, by name.
  [[nodiscard]] std::vector<std::filesystem::path> manifests() const;

 private:
  std::filesystem::path path_;
  bool is_cmake_;
};

}  // namespace deltaw
