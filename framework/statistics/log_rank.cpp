// SPDX-License-Identifier: Apache-2.0
#include "statistics/log_rank.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace deltaw {

std::optional<LogRank> log_rank(std::span<const Time> a, std::span<const Time> b) {
  const std::vector<Time> first = in_order(a), second = in_order(b);
  std::vector<Time> all = first;
  all.insert(all.end(), second.begin(), second.end());
  const auto from = [](const std::vector<Time>& times, const Time& time) {
    return static_cast<double>(times.end() - std::ranges::lower_bound(times, time, is_before));
  };
  const auto after = [](const std::vector<Time>& times, const Time& time) {
    return static_cast<double>(times.end() - std::ranges::upper_bound(times, time, is_before));
  };
  std::sort(all.begin(), all.end(), is_before);
  double excess = 0, variance = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Time& time = all[k];
    if (!time.is_reached || (k > 0 && !is_before(all[k - 1], time))) continue;
    const double at_risk = from(all, time), events = at_risk - after(all, time);
    const double share = from(first, time) / at_risk;
    excess += from(first, time) - after(first, time) - events * share;
    if (at_risk > 1) {
      variance += events * share * (1 - share) * (at_risk - events) / (at_risk - 1);
    }
  }
  if (variance <= 0) return std::nullopt;
  const double chi_square = excess * excess / variance;
  return LogRank{chi_square, std::erfc(std::sqrt(chi_square / 2))};
}

}  // namespace deltaw
