// SPDX-License-Identifier: Apache-2.0
// POSIX calls, which tell why a write failed. The lock goes with the process that holds it.
#include "data/part_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/error.hpp"

namespace deltaw {

PartFile::PartFile(const std::filesystem::path& file)
    : file_(file), part_(file.string() + ".part") {
  std::error_code failed;
  std::filesystem::create_directories(file_.parent_path(), failed);
  if (failed) refuse(failed.value());
  descriptor_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) refuse(errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw Error(Code::E600, fmt::format("'{}' is being written by another process", part_.string()),
                {.hint = "wait for it, or another folder with --data"});
  }
  struct stat status = {};
  if (::fstat(descriptor_, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
}

PartFile::~PartFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void PartFile::refuse(int reason) const {
  const std::string why = std::generic_category().message(reason);
  if (reason == ENOSPC || reason == EDQUOT) {
    throw Error(Code::E602, fmt::format("no space left to write '{}'", part_.string()),
                {.found = why, .hint = "free some space, or another folder with --data"});
  }
  throw Error(Code::E600, fmt::format("cannot write '{}'", part_.string()),
              {.found = why, .hint = "a folder you may write to, with --data"});
}

void PartFile::append(const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(descriptor_, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse(errno);
    bytes += written;
    count -= static_cast<std::size_t>(written);
    size_ += static_cast<std::uint64_t>(written);
  }
}

void PartFile::restart() {
  if (size_ > 0 && ::ftruncate(descriptor_, 0) != 0) refuse(errno);
  size_ = 0;
}

void PartFile::discard() { ::unlink(part_.c_str()); }

void PartFile::finish() {
  if (::fsync(descriptor_) != 0) refuse(errno);
  if (::rename(part_.c_str(), file_.c_str()) != 0) refuse(errno);
}

}  // namespace deltaw
