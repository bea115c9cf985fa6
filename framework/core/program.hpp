// SPDX-License-Identifier: Apache-2.0
// Where the running program lies, and what was installed with it. Any thread.
#pragma once

#include <filesystem>

namespace deltaw {

// Empty where the system does not say.
[[nodiscard]] std::filesystem::path program_file();
// The folder above the program's own: what it comes with is in PREFIX/share/deltaw.
[[nodiscard]] std::filesystem::path program_prefix();
// Whether find_package(deltaw) finds it in that folder.
[[nodiscard]] bool is_installed();

}  // namespace deltaw
