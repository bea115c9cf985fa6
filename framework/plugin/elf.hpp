// SPDX-License-Identifier: Apache-2.0
// What a file says of itself in its ELF header, before the loader gets to see it. Any thread.
#pragma once

#include <filesystem>

namespace deltaw {

// Errors: E121 unless the file is a whole ELF shared object, E122 unless it is made for this
// machine.
void check_elf(const std::filesystem::path& file);

}  // namespace deltaw
