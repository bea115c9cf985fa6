// SPDX-License-Identifier: Apache-2.0
// The middle of values, and their quantiles. Free functions without state: any thread.
#pragma once

#include <span>

namespace deltaw {

// Values may be infinite (a criterion never reached), not NaN. The mean of the middle two when n is
// even; 0 when these are -infinity and infinity. REQUIRES: values not empty.
[[nodiscard]] double median(std::span<const double> values);

// Linear between order statistics (Hyndman & Fan 1996, type 7). REQUIRES: values not empty, p in
// [0, 1].
[[nodiscard]] double quantile(std::span<const double> values, double p);

// (low + high) / 2; opposite infinities cancel, so that negated values have the negated median.
[[nodiscard]] double middle(double low, double high);

}  // namespace deltaw
