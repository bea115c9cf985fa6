// SPDX-License-Identifier: Apache-2.0
// A message is its length, its kind and its bytes. fork() without exec: data and plugins are there
// already.
#include "comparison/run_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <set>
#include <system_error>
#include <thread>

#include "comparison/message_bytes.hpp"
#include "core/error_bytes.hpp"
#include "core/thrown.hpp"

namespace deltaw {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t k_head = sizeof(std::uint32_t) + 1;
constexpr char k_told = 'T', k_threw = 'E';
// For a run to keep its state and end, where the comparison fails.
constexpr std::chrono::seconds k_patience{10};
constexpr std::chrono::milliseconds k_look{1};
constexpr std::chrono::seconds k_second{1};

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

// Ends of the pipes of all runs under way, which a process forked later must not hold open: its
// siblings would not see that this process is gone.
std::set<int>& open_ends() {
  static std::set<int> ends;
  return ends;
}

void close_end(int& end) {
  if (end < 0) return;
  open_ends().erase(end);
  close(end);
  end = -1;
}

// A parent that is gone reads no more: then there is nobody to tell, and the run goes to its stop.
void send(int to, char kind, const std::string& text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  std::string message(reinterpret_cast<const char*>(&size), sizeof size);
  message += kind + text;
  for (std::size_t at = 0; at < message.size();) {
    const ssize_t written = write(to, message.data() + at, message.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    at += static_cast<std::size_t>(written);
  }
}

}  // namespace

RunProcess::RunProcess(std::string rule, std::uint64_t seed, const Work& work)
    : rule_(std::move(rule)), seed_(seed) {
  void* shared =
      mmap(nullptr, sizeof(RulePulse), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) fail("mmap");
  pulse_ = new (shared) RulePulse;
  int told[2], control[2];
  if (pipe2(told, O_CLOEXEC) != 0 || pipe2(control, O_CLOEXEC) != 0) fail("pipe");
  std::fflush(nullptr);
  child_ = fork();
  if (child_ < 0) fail("fork");
  if (child_ == 0) {
    for (const int end : open_ends()) close(end);
    close(told[0]);
    close(control[1]);
    be_child(told[1], control[0], work);
  }
  close(told[1]);
  close(control[0]);
  from_ = told[0];
  control_ = control[1];
  open_ends().insert({from_, control_});
  fcntl(from_, F_SETFL, O_NONBLOCK);
}

RunProcess::~RunProcess() {
  ask_to_stop();
  close_end(from_);
  reap();
  munmap(pulse_, sizeof *pulse_);
}

void RunProcess::be_child(int to, int control, const Work& work) {
  // Ctrl-C reaches the whole group: the parent tells what to do about it.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  // Sanitizers turn a crash into an exit.
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(signal, SIG_DFL);
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  tell_pulse(pulse_);
  std::stop_source stop;
  try {
    std::thread([control, stop, parent = getppid()]() mutable {
      char byte;
      while (read(control, &byte, 1) < 0 && errno == EINTR) {
      }
      stop.request_stop();
      if (getppid() == parent) return;
      std::this_thread::sleep_for(k_patience);  // a rule may not come back, and nobody watches
      _exit(1);
    }).detach();
    const Put put = [to](Message message) { send(to, k_told, bytes_of(message)); };
    RunOutcome told;  // what else a run leaves was written here
    told.record = work(put, stop.get_token()).record;
    put(std::move(told));
  } catch (...) {
    send(to, k_threw, bytes_of(thrown_error()));
  }
  std::fflush(stdout);
  _exit(0);
}

std::vector<Message> RunProcess::take() {
  std::array<char, 1 << 16> part;
  // What it told before it ended is in the pipe, which others that it made may hold open.
  const bool is_gone = is_reaped();
  for (;;) {
    const ssize_t count = read(from_, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    has_ended_ = count == 0 || (count < 0 && is_gone);
    if (count <= 0) break;
    bytes_.append(part.data(), static_cast<std::size_t>(count));
  }
  std::vector<Message> messages;
  std::size_t at = 0;
  while (bytes_.size() - at >= k_head) {
    std::uint32_t size = 0;
    std::memcpy(&size, bytes_.data() + at, sizeof size);
    if (bytes_.size() - at < k_head + size) break;
    const std::string text = bytes_.substr(at + k_head, size);
    if (bytes_[at + k_head - 1] == k_threw) throw error_of(text);
    messages.push_back(message_of(text, rule_, seed_));
    at += k_head + size;
  }
  bytes_.erase(0, at);
  return messages;
}

void RunProcess::ask_to_stop() { close_end(control_); }

void RunProcess::watch(std::chrono::duration<double> call_limit) {
  const std::uint64_t count = pulse_->count.load(std::memory_order_acquire);
  // While this process is stopped, so may be the run: that is no time of the rule's.
  const auto now = Clock::now();
  const std::chrono::duration<double> passed = std::min<Clock::duration>(now - looked_, k_second);
  looked_ = now;
  if (count != seen_ || count % 2 == 0) {
    seen_ = count;
    age_ = {};
    return;
  }
  age_ += passed;
  if (age_ > call_limit && !late_) {
    late_ = call_limit.count();
    kill(child_, SIGKILL);
  }
}

// Where it was when it ended.
std::string RunProcess::place() const {
  const std::uint64_t count = pulse_->count.load(std::memory_order_acquire);
  if (count == 0) return "before any call of a rule";
  const bool is_inside = count % 2 == 1;
  std::string call = pulse_->call.load();
  if (call == "update" || call == "observe") {
    call =
        fmt::format("{} {}", call == "update" ? call : "observe of update", pulse_->update.load());
  }
  return fmt::format("{} {} of '{}'", is_inside ? "in" : "after", call, pulse_->key);
}

bool RunProcess::is_reaped() {
  if (child_ < 0) return true;
  const pid_t ended = waitpid(child_, &status_, WNOHANG);
  if (ended == child_ || (ended < 0 && errno != EINTR)) child_ = -1;
  return child_ < 0;
}

void RunProcess::reap() {
  const auto end = Clock::now() + k_patience;
  while (!is_reaped()) {
    if (Clock::now() > end) kill(child_, SIGKILL);
    std::this_thread::sleep_for(k_look);
  }
}

Error RunProcess::cause() {
  reap();
  const std::string again = fmt::format("--rules {} --seeds {} makes this run alone", rule_, seed_);
  if (late_) {
    return {Code::E141,
            fmt::format("no answer within {:g} s {}", *late_, place()),
            {.hint = "a higher --call-limit, or " + again}};
  }
  if (WIFSIGNALED(status_)) {
    return {Code::E140,
            fmt::format("crashed ({}) {}", strsignal(WTERMSIG(status_)), place()),
            {.hint = again}};
  }
  return {Code::E142,
          fmt::format("ended its process with status {} {}", WEXITSTATUS(status_), place()),
          {.hint = "a rule returns a status, and never exits; " + again}};
}

}  // namespace deltaw
