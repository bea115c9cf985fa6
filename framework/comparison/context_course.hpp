// SPDX-License-Identifier: Apache-2.0
// What was known of each context of a task in trials: at every row of the curve, and after each
// context. One thread.
#pragma once

#include <armadillo>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/state.hpp"
#include "result/criterion.hpp"
#include "task/trial_task.hpp"

namespace deltaw {

class ContextCourse {
 public:
  // Of no context where the task has none: then it keeps nothing. `task` must outlive this.
  explicit ContextCourse(const TrialTask& task) : task_(task), course_(0, contexts()) {}

  // Whether a context ends after so many trials, or the first begins.
  [[nodiscard]] bool is_end(std::uint64_t trials) const;
  // Accuracies, one of each context, measured after so many trials.
  void add(const std::vector<double>& accuracies, std::uint64_t trials);

  [[nodiscard]] const arma::mat& all() const { return course_; }  // rows of the curve x contexts
  // (contexts + 1) x contexts: before the first and after each.
  [[nodiscard]] arma::mat matrix() const { return course_.rows(arma::uvec(ends_)); }

  // Of a run to the end, with its trials' errors: measure_forgetting(), "trials_of_context",
  // "trials_to_criterion" of the first context, "context_K_trials_to_criterion" of context K > 1,
  // counted from the context's own start, empty where it was not reached; and "savings" of the last
  // context, where an earlier one asked the same: (T1 - T) / T1 by the times to criterion of the
  // first that did and of the last, empty where either was not reached (Ebbinghaus 1885). Empty
  // without contexts.
  [[nodiscard]] std::map<std::string, std::optional<double>> metrics(
      const std::vector<float>& errors, const Criterion& criterion) const;

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  [[nodiscard]] std::size_t contexts() const { return task_.contexts().size(); }

  const TrialTask& task_;
  arma::mat course_;
  std::vector<arma::uword> ends_;  // rows of course_
};

}  // namespace deltaw
