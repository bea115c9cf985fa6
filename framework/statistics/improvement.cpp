// SPDX-License-Identifier: Apache-2.0
// U of a resample is a walk over the counts of both rules' runs in one ascending order.
#include "statistics/improvement.hpp"

#include <cassert>
#include <cstddef>

#include "core/ascending.hpp"
#include "statistics/bca.hpp"

namespace deltaw {
namespace {

// The runs of both rules on one task: places in a sample in which b's stand behind a's.
class Ranking {
 public:
  Ranking(std::span<const double> a, std::span<const double> b, std::size_t first)
      : runs_of_a_(first + a.size()) {
    std::vector<double> pooled(a.begin(), a.end());
    pooled.insert(pooled.end(), b.begin(), b.end());
    order_ = ascending(std::span<const double>(pooled));
    ends_tie_.resize(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      ends_tie_[i] = i + 1 == order_.size() || pooled[order_[i]] != pooled[order_[i + 1]];
    }
    for (std::size_t& place : order_) place += first;
  }

  [[nodiscard]] double improvement(Counts counts) const {
    std::size_t m = 0, n = 0, tied_a = 0, tied_b = 0, twice_u = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      (order_[i] < runs_of_a_ ? tied_a : tied_b) += counts[order_[i]];
      if (ends_tie_[i] == 0) continue;
      twice_u += tied_a * (2 * n + tied_b);
      m += tied_a;
      n += tied_b;
      tied_a = tied_b = 0;
    }
    return static_cast<double>(twice_u) / static_cast<double>(2 * m * n);
  }

 private:
  std::size_t runs_of_a_;
  std::vector<std::size_t> order_;
  std::vector<char> ends_tie_;
};

}  // namespace

Share estimate_improvement(const Tasks& a, const Tasks& b, Bootstrap& bootstrap, double level) {
  assert(a.size() == b.size() && !a.empty());
  std::vector<Ranking> tasks;
  std::vector<std::size_t> sizes;
  std::size_t runs = 0;
  for (std::size_t task = 0; task < a.size(); ++task) {
    tasks.emplace_back(a[task], b[task], runs);
    sizes.insert(sizes.end(), {a[task].size(), b[task].size()});
    runs += a[task].size() + b[task].size();
  }
  const auto of_counts = [&](Counts counts) {
    double sum = 0;
    for (const Ranking& task : tasks) sum += task.improvement(counts);
    return sum / static_cast<double>(tasks.size());
  };
  const std::vector<std::uint16_t> once(runs, 1);
  const Interval interval =
      bootstrap_interval(bootstrap.of(sizes), of_counts, level, Deviate::normal);
  return {of_counts(once), interval.low, interval.high, runs};
}

}  // namespace deltaw
