// SPDX-License-Identifier: Apache-2.0
// fork() without exec: this program has one thread but for those of MPI, and so has its BLAS.
// Messages come through a pipe, each a letter, a text and a zero.
#include "core/child.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "core/descriptor.hpp"
#include "core/error_bytes.hpp"

namespace deltaw {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

void send(int to, char kind, const std::string& text) {
  std::string message = kind + text + '\0';
  for (std::size_t at = 0; at < message.size();) {
    const ssize_t written = write(to, message.data() + at, message.size() - at);
    if (written <= 0) _exit(1);
    at += static_cast<std::size_t>(written);
  }
}

[[noreturn]] void be_child(int to, int printed, unsigned seconds,
                           const std::function<std::string(const Stage&)>& work) {
  dup2(printed, STDOUT_FILENO);
  dup2(printed, STDERR_FILENO);
  const rlimit time = {seconds, seconds + 1}, no_core = {0, 0};
  setrlimit(RLIMIT_CPU, &time);
  setrlimit(RLIMIT_CORE, &no_core);
  // Sanitizers turn a crash into an exit.
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(signal, SIG_DFL);
  try {
    const std::string result = work([&](const std::string& stage) { send(to, 'S', stage); });
    std::fflush(stdout);
    send(to, 'R', result);
  } catch (const Error& error) {
    send(to, 'E', bytes_of(error));
  } catch (const std::exception& error) {
    send(to, 'E', bytes_of(Error(Code::E001, error.what())));
  }
  _exit(0);
}

// What the child has sent when it is over, or when there is no time left.
std::string receive(int from, unsigned seconds, bool& is_late) {
  const auto end = Clock::now() + std::chrono::seconds(4) * seconds;
  std::string all;
  std::array<char, 4096> part{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    pollfd waiting = {from, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      is_late = true;
      return all;
    }
    const ssize_t count = read(from, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(count));
  }
}

std::string contents(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  std::string text(static_cast<std::size_t>(std::max<off_t>(size, 0)), '\0');
  const ssize_t count = pread(file, text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return text;
}

}  // namespace

ChildWork in_child(const std::string& name, const std::function<std::string(const Stage&)>& work,
                   unsigned seconds) {
  int ends[2];
  if (pipe(ends) != 0) fail("pipe");
  Descriptor from(ends[0]), to(ends[1]);
  const Descriptor printed(memfd_create("printed", 0));
  if (printed.number() < 0) fail("memfd_create");
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) be_child(to.number(), printed.number(), seconds, work);
  to.close();
  bool is_late = false;
  const std::string all = receive(from.number(), seconds, is_late);
  if (is_late) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::string stage = "start";
  for (std::size_t at = 0, end = 0; (end = all.find('\0', at)) != std::string::npos; at = end + 1) {
    const std::string message = all.substr(at, end - at);
    if (message.front() == 'R') return {message.substr(1), contents(printed.number())};
    if (message.front() == 'E') throw error_of(message.substr(1));
    stage = message.substr(1);
  }
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  const std::string said = contents(printed.number());
  const std::string last = said.substr(0, said.find('\n'));
  if (is_late || signal == SIGXCPU) {
    throw ChildError(Code::E141,
                     fmt::format("{}: no answer within {} s ({})", name, seconds, stage), {},
                     signal);
  }
  if (signal != 0) {
    throw ChildError(Code::E140,
                     fmt::format("{}: crashed ({}: {})", name, strsignal(signal), stage),
                     {.found = last}, signal);
  }
  throw ChildError(
      Code::E142,
      fmt::format("{}: ended the process with status {} ({})", name, WEXITSTATUS(status), stage),
      {.found = last, .hint = "return a status instead; a rule never exits"}, 0);
}

}  // namespace deltaw
