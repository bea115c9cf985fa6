// SPDX-License-Identifier: Apache-2.0
// Checks what was recorded and sorts it by kind.
#include "analysis/recording.hpp"

#include <fmt/format.h>

#include <cassert>

#include "core/error.hpp"

namespace deltaw {

std::vector<std::vector<std::size_t>> trials_by_kind(const Recording& recording, std::size_t kinds,
                                                     std::size_t least) {
  const std::size_t trials = recording.activity.size();
  if (recording.kind.size() != trials) {
    throw Error(Code::E205, "a recording needs one kind for each trial",
                {.expected = fmt::format("{} kinds", trials),
                 .found = fmt::format("{}", recording.kind.size())});
  }
  std::vector<std::vector<std::size_t>> places(kinds);
  for (std::size_t k = 0; k < trials; ++k) {
    const arma::fmat &first = recording.activity.front(), &activity = recording.activity[k];
    if (activity.n_rows != first.n_rows || activity.n_cols != first.n_cols) {
      throw Error(Code::E205, fmt::format("trial {} has another size than trial 0", k),
                  {.expected = fmt::format("{} units x {} steps", first.n_rows, first.n_cols),
                   .found = fmt::format("{} x {}", activity.n_rows, activity.n_cols)});
    }
    if (recording.kind[k] >= kinds) {
      throw Error(Code::E403, fmt::format("trial {} is of a kind that no factor knows", k),
                  {.expected = fmt::format("0 .. {}", kinds - 1),
                   .found = fmt::format("{}", recording.kind[k])});
    }
    places[recording.kind[k]].push_back(k);
  }
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    if (places[kind].size() >= least) continue;
    throw Error(Code::E405, fmt::format("too few trials of kind {} were recorded", kind),
                {.expected = fmt::format("{} or more", least),
                 .found = fmt::format("{}", places[kind].size()),
                 .hint = "record more trials of each kind"});
  }
  return places;
}

arma::mat condition_means(const Recording& recording, std::size_t kinds, std::size_t step) {
  const std::vector<std::vector<std::size_t>> places = trials_by_kind(recording, kinds, 1);
  assert(step < recording.activity.front().n_cols);
  arma::mat means(recording.activity.front().n_rows, kinds, arma::fill::zeros);
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    for (const std::size_t k : places[kind]) {
      means.col(kind) += arma::conv_to<arma::vec>::from(recording.activity[k].col(step));
    }
    means.col(kind) /= static_cast<double>(places[kind].size());
  }
  return means;
}

}  // namespace deltaw
