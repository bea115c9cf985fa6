// SPDX-License-Identifier: Apache-2.0
// Drawing the bar, and the plain lines.
#include "progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>

#include "say.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_bar_width = 24;

std::string accuracy_text(const EpochRow& row) {
  if (row.test_accuracy) return fmt::format("test accuracy {:.3f}", *row.test_accuracy);
  if (row.train_accuracy) return fmt::format("train accuracy {:.3f}", *row.train_accuracy);
  return "";
}

}  // namespace

std::size_t terminal_width() {
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : 80;
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(std::max(seconds, 0.0)));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

Progress::Progress(std::size_t runs, double epochs, bool is_in_trials, std::string readout,
                   bool is_silent)
    : runs_(runs),
      epochs_(epochs),
      is_in_trials_(is_in_trials),
      is_silent_(is_silent),
      is_terminal_(isatty(STDERR_FILENO) != 0),
      readout_(std::move(readout)) {}

Progress::~Progress() { clear_bar(); }

std::string Progress::result_text(const EpochRow& row) const {
  if (!is_in_trials_) return accuracy_text(row);
  return row.test_loss ? fmt::format("test error {:.4f}", *row.test_loss) : "";
}

std::string Progress::result_text(const RunRecord& record) const {
  for (const char* part : {"test", "train"}) {
    const auto found = record.metrics.find(fmt::format("{}_{}_accuracy", readout_, part));
    if (found == record.metrics.end() || !found->second) continue;
    return fmt::format("{} {} accuracy {:.3f}", readout_, part, *found->second);
  }
  return record.curve.empty() ? "" : result_text(record.curve.back());
}

void Progress::epoch(const RunEvent& event) {
  advance(event.rule, event.seed, static_cast<double>(event.row.epoch));
  latest_ = fmt::format("{} seed {} {} {}  {}", event.rule, event.seed,
                        is_in_trials_ ? "trial" : "epoch", event.row.epoch, result_text(event.row));
}

void Progress::resumed(const std::string& rule, std::uint64_t seed, double epochs) {
  epochs_of_[{rule, seed}] = epochs;
  epochs_ -= epochs;
  latest_ = fmt::format("{} seed {} goes on after {} {:.4g}", rule, seed,
                        is_in_trials_ ? "trial" : "epoch", epochs);
}

void Progress::advance(const std::string& rule, std::uint64_t seed, double epochs) {
  double& seen = epochs_of_[{rule, seed}];
  epochs_done_ += std::max(0.0, epochs - seen);
  seen = std::max(seen, epochs);
}

void Progress::shown(const ShownEvent& event) {
  const Shown& shown = event.shown;
  advance(event.rule, event.seed, shown.epochs);
  const auto now = std::chrono::steady_clock::now();
  Beginning& begun = beginnings_[{event.rule, event.seed}];
  if (begun.doing != shown.doing) begun = {shown.doing, shown.done, now};
  const double seconds = std::chrono::duration<double>(now - begun.time).count();
  const std::string speed =
      seconds < 1
          ? ""
          : fmt::format(", {:.0f}/s", static_cast<double>(shown.done - begun.done) / seconds);
  const std::string accuracy =
      shown.accuracy ? fmt::format("  running accuracy {:.3f}", *shown.accuracy) : "";
  latest_ = fmt::format("{} seed {} {} {}/{}{}{}", event.rule, event.seed, shown.doing, shown.done,
                        shown.of, speed, accuracy);
}

void Progress::readout(const ReadoutEvent& event) {
  latest_ = fmt::format("{} seed {} readout {}, epoch {} of {}", event.rule, event.seed,
                        event.readout, event.epoch, event.epochs);
}

void Progress::run(const RunOutcome& outcome) {
  ++runs_done_;
  const RunRecord& record = outcome.record;
  clear_bar();
  if (record.status == "failed") {
    say(fmt::format("{} seed {} failed: {}\n", record.rule, record.seed, record.error));
  } else if (!is_silent_ && !is_terminal_) {
    const std::string result = result_text(record);
    say(fmt::format("[{}/{}] {} seed {} {}{}{}\n", runs_done_, runs_, record.rule, record.seed,
                    record.status, result.empty() ? "" : ": ", result));
  }
}

void Progress::redraw() {
  const auto now = std::chrono::steady_clock::now();
  if (is_silent_ || !is_terminal_ || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  const double done = epochs_ == 0 ? 1 : std::min(1.0, epochs_done_ / epochs_);
  const double spent = std::chrono::duration<double>(now - start_).count();
  const auto filled = static_cast<std::size_t>(done * k_bar_width);
  const std::string left = epochs_done_ == 0 ? "?" : clock_text(spent * (1 - done) / done);
  const std::string speed =
      is_in_trials_ ? fmt::format("{:.0f} trials/s  ", epochs_done_ / spent) : "";
  std::string bar =
      fmt::format("[{}{}] {}/{} runs  {} left  {}{}", std::string(filled, '#'),
                  std::string(k_bar_width - filled, '.'), runs_done_, runs_, left, speed, latest_);
  bar.resize(std::min(bar.size(), terminal_width() - 1));  // a line that wraps is not cleared
  say("\r\x1b[K" + bar);
}

void Progress::clear_bar() const {
  if (!is_silent_ && is_terminal_) say("\r\x1b[K");
}

}  // namespace deltaw
