// SPDX-License-Identifier: Apache-2.0
#include "statistics/profile.hpp"

#include <algorithm>

#include "statistics/share.hpp"

namespace deltaw {

std::vector<ProfileStep> performance_profile(std::span<const double> values, double level) {
  std::vector<double> ordered(values.begin(), values.end());
  std::sort(ordered.begin(), ordered.end());
  std::vector<ProfileStep> steps;
  for (auto run = ordered.begin(); run != ordered.end();) {
    const double score = *run;
    run = std::upper_bound(run, ordered.end(), score);
    const Share above = wilson(static_cast<double>(ordered.end() - run), ordered.size(), level);
    steps.push_back({score, above.share, above.low, above.high});
  }
  return steps;
}

}  // namespace deltaw
