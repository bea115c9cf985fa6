// SPDX-License-Identifier: Apache-2.0
#include "spiking/saturation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace deltaw {
namespace {

constexpr double k_window = 100;  // ms

}  // namespace

SaturationWatch::SaturationWatch(const LeakySpec& spec, std::string layer, std::size_t units,
                                 std::int32_t least_steps, double dt)
    : layer_(std::move(layer)),
      integrator_(spec.integrator),
      most_(1000 / (least_steps * dt)),
      steps_(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::lround(k_window / dt)))) {
  unit_ms_ = static_cast<double>(steps_) * dt * static_cast<double>(units);
}

void SaturationWatch::take(std::size_t spikes, bool is_unstable) {
  spikes_ += spikes;
  was_unstable_ |= is_unstable;
  if (++step_ < steps_) return;
  close();
  step_ = spikes_ = 0;
  was_unstable_ = false;
}

void SaturationWatch::close() const {
  const double rate = 1000 * static_cast<double>(spikes_) / unit_ms_;
  const double limit = (was_unstable_ ? 0.5 : 0.95) * most_;
  if (rate <= limit) return;
  const char* const hint =
      was_unstable_ ? "the integrator \"implicit\" (forward Euler is unstable with so much input), "
                      "a smaller \"dt\", or weaker weights"
                    : "weaker excitation, stronger inhibition, or a lower rate of the input";
  throw Error(
      Code::E308,
      fmt::format("layer '{}' saturates: {:.1f} Hz a unit over {} ms", layer_, rate, k_window),
      {.expected = fmt::format("at most {:.1f} of {:.1f} Hz, which refractory period and dt "
                               "allow",
                               limit, most_),
       .found = fmt::format("integrator {}", integrator_),
       .hint = hint});
}

void SaturationWatch::save(StateWriter& writer) const {
  writer.integer("watch step", step_);
  writer.integer("watch spikes", spikes_);
  writer.integer("watch unstable", was_unstable_ ? 1 : 0);
}

void SaturationWatch::load(StateReader& reader) {
  step_ = reader.integer("watch step");
  spikes_ = reader.integer("watch spikes");
  was_unstable_ = reader.integer("watch unstable") != 0;
}

}  // namespace deltaw
