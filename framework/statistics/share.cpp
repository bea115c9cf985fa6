// SPDX-License-Identifier: Apache-2.0
#include "statistics/share.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cassert>
#include <cmath>

namespace deltaw {

Share wilson(double successes, std::size_t n, double level) {
  assert(n > 0 && successes >= 0 && successes <= static_cast<double>(n));
  const auto count = static_cast<double>(n);
  const double z = boost::math::quantile(boost::math::normal(), 1 - (1 - level) / 2);
  const double share = successes / count;
  const double centre = (successes + z * z / 2) / (count + z * z);
  const double spread = z * std::sqrt(count * share * (1 - share) + z * z / 4) / (count + z * z);
  return {share, std::max(0.0, centre - spread), std::min(1.0, centre + spread), n};
}

Share share_ahead(std::span<const double> differences, double level) {
  double ahead = 0;
  for (const double d : differences) ahead += d > 0 ? 1 : d == 0 ? 0.5 : 0;
  return wilson(ahead, differences.size(), level);
}

}  // namespace deltaw
