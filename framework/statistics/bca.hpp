// SPDX-License-Identifier: Apache-2.0
// Bias-corrected and accelerated bootstrap intervals of any statistic. No state: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "statistics/estimate.hpp"
#include "statistics/resamples.hpp"

namespace deltaw {

// Which quantile an interval takes. A location of few data varies too little from resample to
// resample: `student` expands for it (Hesterberg 2015, doi:10.1080/00031305.2015.1089789), by the t
// quantile of all data less one a stratum times sqrt(n / (n - 1)). A share does not: `normal`.
enum class Deviate { student, normal };

// BCa (Efron 1987, doi:10.1080/01621459.1987.10478410) from a statistic's value on the data, its
// values with each datum left out (all strata one after the other, of `sizes`) and those on the
// resamples, in any order; infinite ones may be among them, NaN not. REQUIRES: two data in some
// stratum.
[[nodiscard]] Interval bca_interval(std::span<const double> resampled, double estimate,
                                    std::span<const double> left_out,
                                    std::span<const std::size_t> sizes, double level,
                                    Deviate deviate);

// The same of statistic(Counts) -> double, which must take counts of any sum as long as no stratum
// is empty. A stratum of one datum cannot do without it, and adds nothing to the interval.
template <class Statistic>
[[nodiscard]] Interval bootstrap_interval(const Resamples& resamples, const Statistic& statistic,
                                          double level, Deviate deviate = Deviate::student) {
  std::vector<std::uint16_t> counts(resamples.data(), 1);
  const double estimate = statistic(Counts(counts));
  std::vector<double> left_out(counts.size(), estimate);
  std::size_t datum = 0;
  for (const std::size_t size : resamples.sizes()) {
    for (const std::size_t end = datum + size; datum < end; ++datum) {
      if (size == 1) continue;
      counts[datum] = 0;
      left_out[datum] = statistic(Counts(counts));
      counts[datum] = 1;
    }
  }
  if (resamples.data() == resamples.sizes().size()) return {estimate, estimate};
  std::vector<double> resampled(resamples.replicates());
  for (std::size_t k = 0; k < resampled.size(); ++k) resampled[k] = statistic(resamples.of(k));
  return bca_interval(resampled, estimate, left_out, resamples.sizes(), level, deviate);
}

}  // namespace deltaw
