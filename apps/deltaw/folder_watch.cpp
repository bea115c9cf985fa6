// SPDX-License-Identifier: Apache-2.0
// inotify tells of one folder each, so that new ones are added as they come.
#include "folder_watch.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "core/error.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

constexpr auto k_moment = std::chrono::milliseconds(60);
constexpr std::uint32_t k_changes =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE;

bool is_watched(const std::string& name) {
  return name != "build" && name != "target" && name != "results" && !name.starts_with(".") &&
         !name.ends_with("~");
}

[[noreturn]] void refuse(const fs::path& folder, const char* hint) {
  throw Error(Code::E600, fmt::format("cannot watch '{}'", folder.string()),
              {.found = std::generic_category().message(errno), .hint = hint});
}

}  // namespace

FolderWatch::FolderWatch(const fs::path& folder, const fs::path& except)
    : descriptor_(inotify_init1(IN_CLOEXEC)), except_(fs::weakly_canonical(except)) {
  if (descriptor_ < 0) refuse(folder, "fs.inotify.max_user_instances of the system");
  if (!fs::is_directory(folder)) {
    throw Error(Code::E603, fmt::format("'{}' is no folder", folder.string()),
                {.hint = "a folder that deltaw new-rule wrote"});
  }
  add(folder);
}

FolderWatch::~FolderWatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool FolderWatch::add(const fs::path& folder) {
  std::error_code ignored;
  if (fs::weakly_canonical(folder, ignored) == except_) return false;
  const int number = inotify_add_watch(descriptor_, folder.c_str(), k_changes);
  if (number < 0 && (errno == ENOENT || errno == ENOTDIR)) return false;  // gone again
  if (number < 0) refuse(folder, "fs.inotify.max_user_watches of the system");
  folders_[number] = folder;
  bool has_files = false;
  for (const auto& inside : fs::directory_iterator(folder, ignored)) {
    if (!is_watched(inside.path().filename())) continue;
    const bool is_folder = inside.is_directory(ignored) && !inside.is_symlink(ignored);
    has_files |= is_folder ? add(inside.path()) : true;
  }
  return has_files;
}

bool FolderWatch::wait(std::chrono::milliseconds time) {
  if (!read_events(time)) return false;
  while (read_events(k_moment)) {
  }
  return true;
}

bool FolderWatch::read_events(std::chrono::milliseconds time) {
  pollfd waiting = {descriptor_, POLLIN, 0};
  if (poll(&waiting, 1, static_cast<int>(time.count())) <= 0) return false;
  alignas(inotify_event) std::array<char, 8192> buffer{};
  const ssize_t size = ::read(descriptor_, buffer.data(), buffer.size());
  bool has_changed = false;
  for (ssize_t at = 0; at < size;) {
    const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
    at += static_cast<ssize_t>(sizeof *event + event->len);
    const std::string name = event->len > 0 ? event->name : "";
    if (!is_watched(name)) continue;
    const bool is_folder = (event->mask & IN_ISDIR) != 0;
    if (is_folder && (event->mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
      const auto parent = folders_.find(event->wd);
      // Its files may have been there before it was watched.
      if (parent != folders_.end()) has_changed |= add(parent->second / name);
      continue;
    }
    // A file that was made counts when it is closed.
    has_changed |= (event->mask & ~static_cast<std::uint32_t>(IN_CREATE | IN_ISDIR)) != 0;
  }
  return has_changed;
}

}  // namespace deltaw
