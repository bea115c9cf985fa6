// SPDX-License-Identifier: Apache-2.0
// Medians with bootstrap intervals, paired differences and their tests. Every draw is keyed by
// purpose, so that the same values give the same bits. Free functions without state: any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace deltaw {

// Below this many pairs no sign-flip test can reach p < 0.05: the least p is 2 / 2^n.
inline constexpr std::size_t least_pairs = 6;
inline constexpr std::size_t bootstrap_resamples = 10'000;

struct Interval {
  double low = 0, high = 0;
};

struct Estimate {
  double median = 0, low = 0, high = 0;
  std::size_t n = 0;
};

// Values may be infinite (a criterion never reached), not NaN. The mean of the middle two when n is
// even; 0 when these are -infinity and infinity. REQUIRES: values not empty.
[[nodiscard]] double median(std::span<const double> values);

// Linear between order statistics (Hyndman & Fan 1996, type 7). REQUIRES: values not empty, p in
// [0, 1].
[[nodiscard]] double quantile(std::span<const double> values, double p);

// Median with its bias-corrected and accelerated bootstrap interval (BCa; Efron 1987,
// doi:10.1080/01621459.1987.10478410), expanded for small n (Hesterberg 2015,
// doi:10.1080/00031305.2015.1089789). One value is its own interval. REQUIRES: values not empty.
[[nodiscard]] Estimate estimate_median(std::span<const double> values, double level = 0.95);

// The same correction for any statistic: from its resampled values, sorted, its value on the data
// and its values with each datum left out, one each. REQUIRES: two data or more.
[[nodiscard]] Interval bca_interval(std::span<const double> resampled, double estimate,
                                    std::span<const double> left_out, double level);

// a[k] - b[k]: element k of both must come from the same seed. REQUIRES: equal sizes.
[[nodiscard]] std::vector<double> paired_differences(std::span<const double> a,
                                                     std::span<const double> b);

// Two-sided p of the hypothesis that differences are symmetric about 0, by flipping signs (Fisher
// 1935; statistic |mean|): all 2^n flips for n <= 16, else 10,000 draws. Empty for n < least_pairs
// or when a difference is infinite: no claim can be made.
[[nodiscard]] std::optional<double> sign_flip_p(std::span<const double> differences);

// Whether the median difference is within +-margin: two one-sided tests at 5 % (Schuirmann 1987,
// doi:10.1007/BF01068419), that is, the 90 % interval inside the margin. Empty for n < least_pairs.
// REQUIRES: margin > 0, fixed before the data were seen.
[[nodiscard]] std::optional<bool> is_equivalent(std::span<const double> differences, double margin);

// p values adjusted for their number (Holm 1979), in the order given.
[[nodiscard]] std::vector<double> holm(std::span<const double> p_values);

}  // namespace deltaw
