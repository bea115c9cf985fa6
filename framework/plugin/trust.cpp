// SPDX-License-Identifier: Apache-2.0
// Owner and mode of plugin files.
#include "plugin/trust.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "core/error.hpp"

namespace deltaw {

void check_trust(const std::filesystem::path& path, uid_t user) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return;
  if ((status.st_mode & S_IWOTH) == 0 || status.st_uid == user) return;
  const char* what = S_ISDIR(status.st_mode) ? "directory" : "file";
  throw Error(
      Code::E124, fmt::format("refusing: {} {} is world-writable", what, path.string()),
      {.expected = "that only its owner can write to it",
       .found = fmt::format("mode {:04o} of user {}", status.st_mode & 07777, status.st_uid),
       .hint = fmt::format("chmod o-w {}", path.string())});
}

}  // namespace deltaw
