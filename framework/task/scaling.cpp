// SPDX-License-Identifier: Apache-2.0
// Moments in double and in two passes, so that constant features have deviation 0 exactly.
#include "task/scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

using Indices = std::vector<std::size_t>;

// Calls visit(feature, value) for every value of the samples `chosen`.
template <class Visit>
void for_each_value(const Dataset& data, const Indices& chosen, Visit visit) {
  std::visit(
      [&](const auto& values) {
        for (const std::size_t sample : chosen) {
          const auto* column = values.data() + sample * data.features;
          for (std::size_t f = 0; f < data.features; ++f) {
            visit(f, static_cast<double>(column[f]));
          }
        }
      },
      data.values);
}

std::vector<double> means(const Dataset& data, const Indices& train) {
  std::vector<double> sums(data.features, 0.0);
  for_each_value(data, train, [&sums](std::size_t f, double value) { sums[f] += value; });
  for (double& sum : sums) sum /= static_cast<double>(train.size());
  return sums;
}

std::vector<double> deviations(const Dataset& data, const Indices& train,
                               const std::vector<double>& mean) {
  std::vector<double> squares(data.features, 0.0);
  for_each_value(data, train, [&squares, &mean](std::size_t f, double value) {
    squares[f] += (value - mean[f]) * (value - mean[f]);
  });
  for (double& square : squares) square = std::sqrt(square / static_cast<double>(train.size()));
  return squares;
}

double mean_of(const std::vector<double>& values) {
  return std::reduce(values.begin(), values.end()) / static_cast<double>(values.size());
}

void require_no_negative(const Dataset& data) {
  const double least = std::visit(
      [](const auto& values) {
        return static_cast<double>(*std::min_element(values.begin(), values.end()));
      },
      data.values);
  if (least < 0) {
    throw Error(Code::E403, fmt::format("data '{}' have negative values", data.name),
                {.expected = "no negative value with scale \"unit\"",
                 .found = fmt::format("{}", least),
                 .hint = "scale=standardise"});
  }
}

double unit_of(const Dataset& data, const Indices& train) {
  if (data.maximum > 0) return data.maximum;
  require_no_negative(data);
  double largest = 0;
  for_each_value(data, train,
                 [&largest](std::size_t, double value) { largest = std::max(largest, value); });
  return largest > 0 ? largest : 1;
}

}  // namespace

Scaling learn_scaling(const Dataset& data, const Indices& train, const std::string& scale) {
  Scaling scaling = {std::vector<double>(data.features, 0.0),
                     std::vector<double>(data.features, 1.0)};
  if (scale == "unit") {
    scaling.divisor.assign(data.features, unit_of(data, train));
  } else if (scale == "center") {
    scaling.shift = means(data, train);
  } else if (scale == "standardise") {
    scaling.shift = means(data, train);
    scaling.divisor = deviations(data, train, scaling.shift);
    std::replace(scaling.divisor.begin(), scaling.divisor.end(), 0.0,
                 std::numeric_limits<double>::infinity());
  } else if (scale == "standardise-all") {
    scaling.shift.assign(data.features, mean_of(means(data, train)));
    std::vector<double> squares = deviations(data, train, scaling.shift);  // from the common mean
    for (double& square : squares) square *= square;
    const double deviation = std::sqrt(mean_of(squares));
    scaling.divisor.assign(data.features,
                           deviation > 0 ? deviation : std::numeric_limits<double>::infinity());
  } else if (scale != "raw") {
    throw Error(
        Code::E503, fmt::format("unknown scale '{}'", scale),
        {.hint = suggest(scale, {"unit", "raw", "center", "standardise", "standardise-all"})});
  }
  return scaling;
}

}  // namespace deltaw
