// SPDX-License-Identifier: Apache-2.0
// Whether other users could have put something into a file that is about to be run. Any thread.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace deltaw {

// Throws E124 when `path` is writable by everybody and belongs to another user than `user`. Files
// that do not exist pass: their absence is another error.
void check_trust(const std::filesystem::path& path, uid_t user);

}  // namespace deltaw
