// SPDX-License-Identifier: Apache-2.0
#include "core/program.hpp"

#include <system_error>

namespace deltaw {

namespace fs = std::filesystem;

fs::path program_file() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored);
}

fs::path program_prefix() { return program_file().parent_path().parent_path(); }

bool is_installed() {
  std::error_code ignored;
  return fs::exists(program_prefix() / "lib/cmake/deltaw/deltaw-config.cmake", ignored);
}

}  // namespace deltaw
