// SPDX-License-Identifier: Apache-2.0
// The places of values in ascending order, for statistics that go by ranks. Pure: any thread.
#pragma once

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>
#include <vector>

namespace deltaw {

// 0 .. n-1 such that values[places[0]] comes first; `is_before` is a strict weak order.
template <class V, class Before = std::less<>>
[[nodiscard]] std::vector<std::size_t> ascending(std::span<const V> values, Before is_before = {}) {
  std::vector<std::size_t> places(values.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::sort(places.begin(), places.end(),
            [&](std::size_t a, std::size_t b) { return is_before(values[a], values[b]); });
  return places;
}

}  // namespace deltaw
