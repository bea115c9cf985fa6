// SPDX-License-Identifier: Apache-2.0
// A line is one write, so that a reader never sees half of an earlier one; the lock tells whether
// the writer lives, however it ended.
#include "result/progress_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "core/descriptor.hpp"
#include "core/error.hpp"
#include "result/file.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* k_name = "progress.jsonl";
constexpr const char* k_columns[] = {
    "train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
    "test_loss",  "test_accuracy",  "alignment"};

// Of the whole file.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// The lock is of the open file, and a forked process would keep it: one that outlives us must not
// seem to be us.
int written = -1;
void close_in_child() {
  if (written >= 0) ::close(written);
}

bool has_writer(const fs::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct flock lock = whole_file();
  return descriptor.number() >= 0 && ::fcntl(descriptor.number(), F_OFD_GETLK, &lock) == 0 &&
         lock.l_type != F_UNLCK;
}

}  // namespace

ProgressFile::ProgressFile(const fs::path& folder, const ProgressHead& head)
    : path_(folder / k_name) {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    throw Error(errno == ENOSPC ? Code::E602 : Code::E600,
                fmt::format("cannot write '{}'", path_.string()),
                {.found = std::generic_category().message(errno),
                 .hint = "a folder you may write to, with --out"});
  }
  struct flock lock = whole_file();
  ::fcntl(descriptor_, F_OFD_SETLK, &lock);
  static const int is_registered = ::pthread_atfork(nullptr, nullptr, &close_in_child);
  static_cast<void>(is_registered);
  written = descriptor_;
  add({{"deltaw_progress", 1},
       {"name", head.name},
       {"step_word", head.step_word},
       {"metric", head.metric},
       {"rules", head.rules},
       {"seeds", head.seeds},
       {"steps", head.steps},
       {"ended", head.ended},
       {"started",
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
            .count()}});
}

ProgressFile::~ProgressFile() {
  written = -1;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

json to_json(const EpochRow& row) {
  json out = {{"epoch", row.epoch}};
  for (const char* column : k_columns) {
    if (const auto& value = row.*column_named(column)) out[column] = *value;
  }
  return out;
}

void ProgressFile::row(const std::string& rule, std::uint64_t seed, const EpochRow& row) {
  json line = to_json(row);
  line.update({{"rule", rule}, {"seed", seed}});
  add(line);
}

void ProgressFile::shown(const std::string& rule, std::uint64_t seed, double epochs,
                         std::optional<double> accuracy) {
  json line = {{"rule", rule}, {"seed", seed}, {"epoch", epochs}};
  if (accuracy) line["train_accuracy"] = *accuracy;
  add(line);
}

void ProgressFile::resumed(const std::string& rule, std::uint64_t seed, double epochs) {
  add({{"rule", rule}, {"seed", seed}, {"epoch", epochs}, {"from", epochs}});
}

void ProgressFile::ended(const std::string& rule, std::uint64_t seed, const std::string& status) {
  add({{"rule", rule}, {"seed", seed}, {"status", status}});
}

void ProgressFile::add(const json& line) {
  std::string text = line.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
  if (is_torn_) text.insert(text.begin(), '\n');
  const ssize_t written = ::write(descriptor_, text.data(), text.size());
  if (written > 0) is_torn_ = static_cast<std::size_t>(written) < text.size();
}

ProgressSight see_progress(const fs::path& folder) {
  std::error_code ignored;
  return {fs::exists(folder / k_name, ignored), has_writer(folder / k_name)};
}

std::optional<ProgressText> read_progress(const fs::path& folder, std::size_t from) {
  const fs::path file = folder / k_name;
  ProgressText found;
  found.is_written = has_writer(file);
  std::string text;
  try {
    text = read_file(file);
  } catch (const Error&) {
    return std::nullopt;
  }
  std::size_t at = 0;
  for (std::size_t end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    const std::size_t number = found.next++;
    if (number > 0 && number < from) continue;
    json line = json::parse(text.begin() + static_cast<long>(at),
                            text.begin() + static_cast<long>(end), nullptr, false);
    if (line.is_discarded()) continue;
    if (number == 0) {
      found.head = std::move(line);
    } else {
      found.lines.push_back(std::move(line));
    }
  }
  return found;
}

}  // namespace deltaw
