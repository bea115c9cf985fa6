// SPDX-License-Identifier: Apache-2.0
#include "comparison/line_fit.hpp"

#include <numeric>

namespace deltaw {
namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::optional<LineFit> fit_line(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() < 3) return std::nullopt;
  const double mean_x = mean(x), mean_y = mean(y);
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    xx += (x[k] - mean_x) * (x[k] - mean_x);
    xy += (x[k] - mean_x) * (y[k] - mean_y);
    yy += (y[k] - mean_y) * (y[k] - mean_y);
  }
  if (xx <= 0) return std::nullopt;
  const double slope = xy / xx, intercept = mean_y - slope * mean_x;
  double residual = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double off = y[k] - intercept - slope * x[k];
    residual += off * off;
  }
  return LineFit{slope, intercept, yy > 0 ? 1 - residual / yy : 1};
}

}  // namespace deltaw
