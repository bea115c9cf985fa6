// SPDX-License-Identifier: Apache-2.0
// The arm whose remaining runs take longest comes first, so that no single arm is left at the end.
#include "tuning/agenda.hpp"

#include <algorithm>

namespace deltaw {

Agenda::Agenda(const TuningPlan& plan, const std::vector<TrialRecord>& done)
    : rungs_(plan.rungs), done_(plan.arms.size()) {
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    work_.push_back({Bracket(plan.rungs, plan.experiment.tune.seeds.size())});
    for (const TrialRecord& record : done) {
      if (record.rule == plan.arms[arm].name) done_[arm][record.run] = record.score;
    }
  }
}

double Agenda::seconds_left(const Work& work) const {
  // Before any run has ended, as long as nothing else could take: it is tried first.
  constexpr double k_unknown = 1e6;
  const double each = work.epochs > 0 ? work.seconds / work.epochs : k_unknown;
  return each * static_cast<double>(work.bracket.epochs_left());
}

std::optional<Agenda::Entry> Agenda::next() {
  for (;;) {
    const auto left = [&](const Work& work) {
      return work.bracket.has_next() ? seconds_left(work) : -1;
    };
    const auto longest = std::ranges::max_element(work_, {}, left);
    if (!longest->bracket.has_next()) return {};
    const auto arm = static_cast<std::size_t>(longest - work_.begin());
    const Bracket::Run run = *longest->bracket.next();
    const auto known = done_[arm].find(run);
    if (known == done_[arm].end()) return Entry{arm, run};
    longest->bracket.finish(run, known->second);
  }
}

std::optional<Agenda::Entry> Agenda::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  std::optional<Entry> entry;
  const auto is_over = [](const Work& work) { return work.bracket.is_over(); };
  changed_.wait(lock, stop, [&] {
    entry = next();
    return entry || std::ranges::all_of(work_, is_over);
  });
  if (stop.stop_requested()) return {};
  return entry;
}

std::optional<Agenda::Entry> Agenda::take_now() {
  const std::scoped_lock lock(mutex_);
  return next();
}

bool Agenda::is_over() {
  const std::scoped_lock lock(mutex_);
  return std::ranges::all_of(work_, [](const Work& work) { return work.bracket.is_over(); });
}

void Agenda::finish(const Entry& entry, const Merit& score, double seconds) {
  {
    const std::scoped_lock lock(mutex_);
    Work& work = work_[entry.arm];
    work.seconds += seconds;
    work.epochs += static_cast<double>(rungs_[entry.run.rung].epochs);
    work.bracket.finish(entry.run, score);
  }
  changed_.notify_all();
}

}  // namespace deltaw
