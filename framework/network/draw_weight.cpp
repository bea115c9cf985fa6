// SPDX-License-Identifier: Apache-2.0
// Fan in and fan out are those of the connection, whatever else draws from the stream.
#include "network/draw_weight.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "network/initialise.hpp"

namespace deltaw {

double draw_weight(const InitSpec& init, Random& random, double fan_in, double fan_out) {
  const double glorot = 2 / (fan_in + fan_out), he = 2 / fan_in;
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * random.uniform();
  };
  const auto symmetric = [&](double variance) {
    const double bound = std::sqrt(3 * variance);
    return uniform(-bound, bound);
  };
  const double deviation = init.deviation > 0 ? init.deviation : 1 / std::sqrt(fan_in);
  if (init.type == "glorot-uniform") return symmetric(glorot);
  if (init.type == "glorot-normal") return std::sqrt(glorot) * random.normal();
  if (init.type == "he-uniform") return symmetric(he);
  if (init.type == "he-normal") return std::sqrt(he) * random.normal();
  if (init.type == "normal") return init.mean + deviation * random.normal();
  if (init.type == "abs-normal") return std::abs(init.mean + deviation * random.normal());
  if (init.type == "uniform") return uniform(init.low, init.high);
  if (init.type == "constant") return init.value;
  if (init.type == "zeros") return 0;
  throw Error(Code::E503, fmt::format("no initialiser '{}'", init.type),
              {.hint = suggest(init.type, initialiser_names())});
}

}  // namespace deltaw
