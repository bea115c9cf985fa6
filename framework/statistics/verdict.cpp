// SPDX-License-Identifier: Apache-2.0
#include "statistics/verdict.hpp"

#include <cmath>

namespace deltaw {

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::better:
      return "better";
    case Verdict::worse:
      return "worse";
    case Verdict::equivalent:
      return "equivalent";
    case Verdict::not_told_apart:
      return "not told apart";
    case Verdict::too_few_seeds:
      break;
  }
  return "too few seeds";
}

std::size_t pairs_needed(std::size_t tests) {
  std::size_t n = 1;
  while (std::ldexp(static_cast<double>(tests), 1 - static_cast<int>(n)) >= significance) ++n;
  return n;
}

Verdict verdict(const Evidence& evidence) {
  constexpr double clearly = 0.75;
  if (evidence.equivalent == true) return Verdict::equivalent;
  if (evidence.pairs < evidence.pairs_needed) return Verdict::too_few_seeds;
  if (evidence.p && *evidence.p < significance) {
    const Share& ahead = evidence.ahead;
    if (evidence.mean_gain > 0 && ahead.share >= clearly && ahead.low > 0.5) return Verdict::better;
    if (evidence.mean_gain < 0 && ahead.share <= 1 - clearly && ahead.high < 0.5)
      return Verdict::worse;
  }
  return Verdict::not_told_apart;
}

}  // namespace deltaw
