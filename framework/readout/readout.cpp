// SPDX-License-Identifier: Apache-2.0
#include "readout/readout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/error.hpp"
#include "readout/labels.hpp"
#include "readout/linear.hpp"

namespace deltaw {

template <class T>
std::unique_ptr<Readout<T>> make_readout(const ReadoutSpec& spec, std::size_t units,
                                         std::size_t classes) {
  assert(spec.vote <= units);
  if (spec.is_linear()) return std::make_unique<LinearReadout<T>>(spec, units, classes);
  return std::make_unique<LabelReadout<T>>(spec.voters(), classes);
}

template std::unique_ptr<Readout<float>> make_readout(const ReadoutSpec&, std::size_t, std::size_t);
template std::unique_ptr<Readout<double>> make_readout(const ReadoutSpec&, std::size_t,
                                                       std::size_t);

void require_every_class(std::span<const std::uint32_t> labels, std::size_t classes) {
  std::vector<bool> is_seen(classes);
  for (const std::uint32_t label : labels) is_seen[label] = true;
  const auto missing = std::ranges::find(is_seen, false);
  if (missing == is_seen.end()) return;
  throw Error(
      Code::E404,
      fmt::format("no training sample is of class {}, so no readout can learn it",
                  missing - is_seen.begin()),
      {.expected = fmt::format("samples of all {} classes", classes),
       .found = fmt::format("{} of them", std::ranges::count(is_seen, true)),
       .hint = "a larger training part; for a class that the data lack, fewer \"classes\" in "
               "the task, or labels numbered anew without gaps"});
}

double accuracy_of(std::span<const std::uint32_t> predicted,
                   std::span<const std::uint32_t> labels) {
  assert(predicted.size() == labels.size() && !labels.empty());
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += predicted[i] == labels[i] ? 1U : 0U;
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

}  // namespace deltaw
