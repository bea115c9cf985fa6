// SPDX-License-Identifier: Apache-2.0
// posix_spawn: nothing of this process but its environment.
#include "child_command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "core/error.hpp"

namespace deltaw {

ChildCommand::ChildCommand(const std::vector<std::string>& words,
                           const std::filesystem::path& output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (!output.empty()) {
    constexpr int k_new = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output.c_str(), k_new, 0666);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  }
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int reason =
      posix_spawnp(&process_, arguments[0], &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (reason == 0) return;
  throw Error(Code::E600, fmt::format("cannot run '{}'", words.front()),
              {.found = std::generic_category().message(reason)});
}

ChildCommand::~ChildCommand() {
  if (!is_running()) return;
  kill(process_, SIGTERM);
  reap(true);
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
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

}  // namespace deltaw
