// SPDX-License-Identifier: Apache-2.0
// A new folder for a rule, from the templates that come with deltaw (sdk/templates): each is a rule
// called "my-rule" that is built as it is. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace deltaw {

struct ScaffoldSpec {
  std::string id;                // "sparse-hebb", "org.example.sparse-hebb"
  std::string language = "c++";  // of scaffold_languages()
  std::string kind = "dense";    // of scaffold_kinds()
  std::filesystem::path folder;  // that is to be made
};

[[nodiscard]] const std::vector<std::string>& scaffold_languages();
[[nodiscard]] const std::vector<std::string>& scaffold_kinds();

// The last part of an id: "sparse-hebb".
[[nodiscard]] std::string scaffold_name(const std::string& id);

// share/deltaw/templates beside the program's bin/, else those of the source tree. Error: E103.
[[nodiscard]] std::filesystem::path templates_folder();

// Copies what all rules have, what the language and the kind have, and what the two have together,
// with the new name in place of "my-rule"; a later file replaces an earlier one of its name.
// Returns the files, relative to the folder, sorted. Errors: E002 for a name, language or kind that
// is none, with the nearest known; E600, E602 when it cannot be written, E710 when the folder is
// there already.
std::vector<std::filesystem::path> write_scaffold(const ScaffoldSpec& spec,
                                                  const std::filesystem::path& templates);

}  // namespace deltaw
