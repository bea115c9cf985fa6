// SPDX-License-Identifier: Apache-2.0
#include "statistics/paired_difference.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cassert>
#include <cmath>

namespace deltaw {

Difference paired_difference(std::span<const double> differences, double level) {
  assert(!differences.empty());
  double sum = 0, squares = 0;
  for (const double d : differences) {
    sum += d;
    squares += d * d;
  }
  const auto n = static_cast<double>(differences.size());
  const double z = boost::math::quantile(boost::math::normal(), 1 - (1 - level) / 2);
  const double centre = sum / (n + 2);
  const double variance = (squares + 2) / (n + 2) - centre * centre;
  const double spread = z * std::sqrt(variance / (n + 2));
  return {sum / n, std::max(-1.0, centre - spread), std::min(1.0, centre + spread)};
}

double mcnemar_p(std::size_t only_first, std::size_t only_second) {
  const auto all = static_cast<double>(only_first + only_second);
  const auto fewer = static_cast<double>(std::min(only_first, only_second));
  if (all == 0) return 1;
  return std::min(1.0, 2 * boost::math::cdf(boost::math::binomial(all, 0.5), fewer));
}

}  // namespace deltaw
