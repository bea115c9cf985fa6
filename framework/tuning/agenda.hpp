// SPDX-License-Identifier: Apache-2.0
// Which run comes next, while others go on. A rung waits for its own arm alone; meanwhile workers
// run what other arms have. Any thread.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "tuning/plan.hpp"
#include "tuning/trial_record.hpp"

namespace deltaw {

class Agenda {
 public:
  struct Entry {
    std::size_t arm;  // of the plan
    Bracket::Run run;
  };

  // `done`: runs of an earlier call, which are not run again.
  Agenda(const TuningPlan& plan, const std::vector<TrialRecord>& done);

  // The next run, of the arm that has the most left to do; waits where rungs wait for runs under
  // way. None when all is over or `stop` is requested.
  [[nodiscard]] std::optional<Entry> take(const std::stop_token& stop);

  // The same without waiting: none also where rungs wait.
  [[nodiscard]] std::optional<Entry> take_now();
  // Whether all runs have ended.
  [[nodiscard]] bool is_over();

  // An entry that was taken has ended. `seconds` is how long it took.
  void finish(const Entry& entry, const Merit& score, double seconds);

 private:
  struct Work {
    Bracket bracket;
    double seconds = 0, epochs = 0;  // of runs that ended
  };

  [[nodiscard]] double seconds_left(const Work& work) const;
  [[nodiscard]] std::optional<Entry> next();

  std::vector<Work> work_;
  std::vector<Rung> rungs_;
  std::vector<std::map<Bracket::Run, Merit>> done_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
};

}  // namespace deltaw
