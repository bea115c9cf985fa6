// SPDX-License-Identifier: Apache-2.0
// flock() on a file of its own: the folder itself cannot be locked over NFS, and the files in it
// are replaced by others when they are written.
#include "result/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "core/descriptor.hpp"
#include "core/error.hpp"
#include "result/file.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

// For the runs of a comparison that was killed, each in a process of its own.
constexpr std::chrono::seconds k_patience{2};
constexpr std::chrono::milliseconds k_look{20};

std::string holder_in(const fs::path& file) {
  try {
    return read_file(file);
  } catch (const Error&) {
    return "";  // gone again
  }
}

}  // namespace

FolderLock::FolderLock(const fs::path& folder) : file_(folder / k_lock_file) {
  const auto end = std::chrono::steady_clock::now() + k_patience;
  while (!take()) {
    if (std::chrono::steady_clock::now() > end) {
      throw Error(Code::E600,
                  fmt::format("'{}' is being written by another process", folder.string()),
                  {.found = holder_in(file_),
                   .hint = "wait for its end, which `deltaw top` foretells; or another folder with "
                           "--out"});
    }
    std::this_thread::sleep_for(k_look);
  }
}

FolderLock::~FolderLock() {
  if (descriptor_ < 0) return;
  ::unlink(file_.c_str());
  ::close(descriptor_);
}

bool FolderLock::take() {
  Descriptor descriptor(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (descriptor.number() < 0) refuse_to_write(file_, errno);
  if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK || errno == EINTR) return false;
    ::unlink(file_.c_str());  // no locks here
    return true;
  }
  // Its last holder may have removed the file between our two calls.
  struct stat ours {
  }, there{};
  if (::fstat(descriptor.number(), &ours) != 0 || ::stat(file_.c_str(), &there) != 0 ||
      ours.st_ino != there.st_ino || ours.st_dev != there.st_dev) {
    return false;
  }
  descriptor_ = descriptor.release();
  note_holder();
  return true;
}

void FolderLock::note_holder() const {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string text = fmt::format("process {} on {}", ::getpid(), host.data());
  if (::ftruncate(descriptor_, 0) != 0 || ::write(descriptor_, text.data(), text.size()) < 0) {
    return;  // the lock is what counts
  }
}

bool is_locked(const fs::path& folder) {
  const Descriptor descriptor(::open((folder / k_lock_file).c_str(), O_RDWR | O_CLOEXEC));
  return descriptor.number() >= 0 && ::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0 &&
         errno == EWOULDBLOCK;
}

}  // namespace deltaw
