// SPDX-License-Identifier: Apache-2.0
// posix_spawn: nothing of this process but its environment and its standard streams.
#include "child_command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>

#include "core/error.hpp"

namespace deltaw {

namespace {

constexpr auto k_patience = std::chrono::seconds(2);  // with what was asked to end

}  // namespace

ChildCommand::ChildCommand(const std::vector<std::string>& words,
                           const std::filesystem::path& output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (!output.empty()) {
    constexpr int k_new = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output.c_str(), k_new, 0666);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  }
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  // A group of its own: what it starts ends with it, and Ctrl-C is ours to pass on.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGTERM, SIGCHLD, SIGPIPE}) sigaddset(&usual, signal);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::signal(SIGCHLD, SIG_DFL);  // or nobody learns how it ended
  const int reason =
      posix_spawnp(&process_, arguments[0], &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (reason == 0) return;
  throw Error(Code::E600, fmt::format("cannot run '{}'", words.front()),
              {.found = std::generic_category().message(reason)});
}

ChildCommand::~ChildCommand() {
  if (!is_running()) return;
  kill(-process_, SIGTERM);
  const auto end = std::chrono::steady_clock::now() + k_patience;
  while (is_running() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  kill(-process_, SIGKILL);  // and what it has left behind
  if (status_ < 0) reap(true);
}

bool ChildCommand::is_running() { return !reap(false); }

int ChildCommand::status() {
  reap(true);
  return status_;
}

bool ChildCommand::reap(bool waits) {
  if (status_ >= 0) return true;
  int status = 0;
  pid_t ended = 0;
  while ((ended = waitpid(process_, &status, waits ? 0 : WNOHANG)) < 0 && errno == EINTR) {
  }
  if (ended == 0) return false;
  if (ended < 0) {
    status_ = 127;  // nobody knows how it ended
  } else {
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return true;
}

}  // namespace deltaw
