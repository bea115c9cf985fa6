// SPDX-License-Identifier: Apache-2.0
// A plugin's shared library, opened and checked against its manifest; never unloaded.
// Libraries are opened one at a time; an open one is immutable: any thread.
#pragma once

#include <deltaw/abi.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "plugin/manifest.hpp"

namespace deltaw {

class Library {
 public:
  // Errors, in the order of the checks: E120 missing, E124 writable by others, E121 no shared
  // library, E122 wrong machine, E123 hash, E130 E131 E132 refused by the loader, E133 no entry,
  // E134 invalid table, E135 E136 ABI, E137 manifest and binary disagree.
  explicit Library(const Manifest& manifest);

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  [[nodiscard]] const deltaw_plugin& table() const { return *table_; }
  // W401, W402: what loading it changed in this process, already put back.
  [[nodiscard]] const std::vector<Error>& warnings() const { return warnings_; }

 private:
  std::filesystem::path file_;
  const deltaw_plugin* table_ = nullptr;
  std::vector<Error> warnings_;
};

// E120 unless the library that the manifest names is there.
void check_present(const Manifest& manifest);

// What the loader's message means: E130 a missing dependency, E131 an undefined symbol, E132 a
// version of a library, E121 otherwise. The message is kept verbatim.
[[nodiscard]] Error loader_error(const std::filesystem::path& file, const std::string& message);

}  // namespace deltaw
