// SPDX-License-Identifier: Apache-2.0
// Two groups of censored times, without pairs. Pure: any thread.
#pragma once

#include <optional>
#include <span>

#include "statistics/time.hpp"

namespace deltaw {

struct LogRank {
  double chi_square = 0;  // one degree of freedom
  double p = 1;
};

// Whether two unpaired groups reach it at the same rate (Mantel 1966; hypergeometric variance).
// Empty when nothing can be said: none reached, or one group gone before the other's first.
[[nodiscard]] std::optional<LogRank> log_rank(std::span<const Time> a, std::span<const Time> b);

}  // namespace deltaw
