// SPDX-License-Identifier: Apache-2.0
// Time left goes by epochs: runs of later rungs are longer.
#include "tuning_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "progress.hpp"
#include "say.hpp"

namespace deltaw {

TuningProgress::TuningProgress(const TuningPlan& plan, const std::vector<TrialRecord>& done,
                               bool is_silent)
    : plan_(plan), is_silent_(is_silent), is_terminal_(isatty(STDERR_FILENO) != 0) {
  for (const TrialRecord& record : done) count(record);
  epochs_before_ = epochs_done_;
  if (runs_done_ > 0 && !is_silent_) {
    say(fmt::format("{} of {} runs are there from before\n", runs_done_, plan_.runs()));
  }
}

TuningProgress::~TuningProgress() { clear_bar(); }

void TuningProgress::count(const TrialRecord& record) {
  ++runs_done_;
  epochs_done_ += plan_.rungs[record.run.rung].epochs;
}

void TuningProgress::run(const TrialRecord& record) {
  count(record);
  const double value = plan_.objective.is_lower_better ? -record.score.value : record.score.value;
  const std::string result = record.status == "failed" ? "diverged"
                             : std::isfinite(value)
                                 ? fmt::format("{} {:.4g}", plan_.objective.metric, value)
                                 : fmt::format("{} never", plan_.objective.metric);
  latest_ = fmt::format("{} trial {} rung {} seed {}: {}", record.rule, record.run.trial + 1,
                        record.run.rung + 1, record.seed, result);
  if (is_silent_ || is_terminal_) return;
  say(fmt::format("[{}/{}] {}\n", runs_done_, plan_.runs(), latest_));
}

void TuningProgress::redraw() {
  const auto now = std::chrono::steady_clock::now();
  if (is_silent_ || !is_terminal_ || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  const double spent = std::chrono::duration<double>(now - start_).count();
  const auto all = static_cast<double>(plan_.epochs());
  const auto done = static_cast<double>(epochs_done_),
             here = done - static_cast<double>(epochs_before_);
  const std::string left = here > 0 ? clock_text(spent * (all - done) / here) : "?";
  constexpr std::size_t k_width = 24;
  const auto filled = static_cast<std::size_t>(k_width * done / all);
  std::string bar =
      fmt::format("[{}{}] {}/{} runs  {} left  {}", std::string(filled, '#'),
                  std::string(k_width - filled, '.'), runs_done_, plan_.runs(), left, latest_);
  bar.resize(std::min(bar.size(), terminal_width() - 1));  // a line that wraps is not cleared
  say("\r\x1b[K" + bar);
}

void TuningProgress::clear_bar() const {
  if (!is_silent_ && is_terminal_) say("\r\x1b[K");
}

}  // namespace deltaw
