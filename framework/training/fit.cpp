// SPDX-License-Identifier: Apache-2.0
// The one message of both training loops.
#include "training/fit.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace deltaw {

void require_units(const Graph::Layer& layer, std::size_t wanted, const char* each,
                   const char* what) {
  if (layer.units == wanted) return;
  throw Error(Code::E205, fmt::format("layer '{}' does not fit {}", layer.name, what),
              {.expected = fmt::format("{} units, one for each {}", wanted, each),
               .found = fmt::format("{}", layer.units),
               .hint = fmt::format("\"units\": {}", wanted)});
}

}  // namespace deltaw
