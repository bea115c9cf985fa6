// SPDX-License-Identifier: Apache-2.0
// Drawing the bar, and the plain lines.
#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace deltaw {
namespace {

constexpr std::size_t k_bar_width = 24;

std::string accuracy_text(const EpochRow& row) {
  if (row.test_accuracy) return fmt::format("test accuracy {:.3f}", *row.test_accuracy);
  if (row.train_accuracy) return fmt::format("train accuracy {:.3f}", *row.train_accuracy);
  return "";
}

}  // namespace

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(std::max(seconds, 0.0)));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

Progress::Progress(std::size_t runs, std::size_t epochs, bool is_silent)
    : runs_(runs),
      epochs_(epochs),
      is_silent_(is_silent),
      is_terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { clear_bar(); }

void Progress::epoch(const RunEvent& event) {
  std::size_t& seen = epochs_of_[{event.rule, event.seed}];
  epochs_done_ += event.row.epoch - seen;
  seen = event.row.epoch;
  latest_ = fmt::format("{} seed {} epoch {}  {}", event.rule, event.seed, event.row.epoch,
                        accuracy_text(event.row));
}

void Progress::run(const RunOutcome& outcome) {
  ++runs_done_;
  if (is_silent_) return;
  const RunRecord& record = outcome.record;
  clear_bar();
  if (record.status == "failed") {
    fmt::print(stderr, "{} seed {} failed: {}\n", record.rule, record.seed, record.error);
  } else if (!is_terminal_) {
    const std::string result = record.curve.empty() ? "" : accuracy_text(record.curve.back());
    fmt::print(stderr, "[{}/{}] {} seed {} {}: {}\n", runs_done_, runs_, record.rule, record.seed,
               record.status, result);
  }
}

void Progress::redraw() {
  if (is_silent_ || !is_terminal_) return;
  const double done =
      epochs_ == 0 ? 1 : static_cast<double>(epochs_done_) / static_cast<double>(epochs_);
  const double spent =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const auto filled = static_cast<std::size_t>(done * k_bar_width);
  const std::string left = epochs_done_ == 0 ? "?" : clock_text(spent * (1 - done) / done);
  fmt::print(stderr, "\r\x1b[K[{}{}] {}/{} runs  {} left  {}", std::string(filled, '#'),
             std::string(k_bar_width - filled, '.'), runs_done_, runs_, left, latest_);
  std::fflush(stderr);
}

void Progress::clear_bar() const {
  if (!is_silent_ && is_terminal_) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace deltaw
