// SPDX-License-Identifier: Apache-2.0
// Unit by unit, then sorted by step with a count of each step.
#include "spiking/input.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"

namespace deltaw {

template <class T>
Encoder<T>::Encoder(const SourceSpec& spec, std::size_t units, double dt)
    : spec_(spec), n_(units), dt_(dt) {
  if (spec.type == "spikes") file_ = read_spikes(spec.file, units, dt);
}

template <class T>
void Encoder<T>::encode(std::span<const T> values, double gain, double show, std::uint64_t seed,
                        std::string_view purpose, std::uint64_t number) {
  steps_ = static_cast<std::uint64_t>(std::lround(show / dt_));
  drawn_.clear();
  if (spec_.type == "spikes") {
    for (const StepSpike& spike : file_) add(spike.unit, static_cast<double>(spike.step));
  } else {
    check(values, gain);
    const bool has_spikes = spec_.type != "current" && spec_.type != "protocol";
    for (std::uint32_t unit = 0; has_spikes && unit < n_; ++unit) {
      const auto value = static_cast<double>(values[unit]);
      if (value > 0) draw(unit, value, gain, Random(seed, purpose, number << 32 | unit));
    }
  }
  sort();
}

template <class T>
void Encoder<T>::check(std::span<const T> values, double gain) const {
  if (values.size() != n_) {
    throw Error(Code::E205, "values do not fit the source of spikes",
                {.expected = fmt::format("{}", n_), .found = fmt::format("{}", values.size())});
  }
  double most = 0;
  for (const T value : values) {
    if (!(value >= 0 && value <= 1)) {
      throw Error(Code::E403, "spikes cannot tell a value",
                  {.expected = "0 to 1",
                   .found = fmt::format("{}", value),
                   .hint = "scale the data to this range"});
    }
    most = value > most ? static_cast<double>(value) : most;
  }
  const bool has_rate = spec_.type == "poisson" || spec_.type == "regular";
  const double rate = most * spec_.rate * gain;
  if (!has_rate || rate * dt_ <= 1000) return;
  throw Error(Code::E515, "dt is too coarse for the rate of the input",
              {.expected = fmt::format("at most {} Hz, a spike a step", 1000 / dt_),
               .found = fmt::format("{} Hz", rate),
               .hint = "a smaller \"dt\", a lower \"rate\", or fewer repeats"});
}

template <class T>
void Encoder<T>::draw(std::uint32_t unit, double value, double gain, Random random) {
  const auto steps = static_cast<double>(steps_);
  const double spikes_a_step = value * spec_.rate * gain * dt_ / 1000;
  if (spec_.type == "latency") {
    add(unit, static_cast<double>(step_at((1 - value) * spec_.window, dt_)));
  } else if (spikes_a_step <= 0) {
    return;
  } else if (spec_.type == "regular") {
    const double phase = random.uniform();
    for (double k = 0;; ++k) {
      const double step = std::floor((k + phase) / spikes_a_step + 1e-9);
      if (step >= steps) return;
      add(unit, step);
    }
  } else {
    // Silent steps before the next spike: floor(log U / log(1 - p)), Devroye 1986, X.2.
    const double scale = 1 / std::log1p(-spikes_a_step);
    for (double step = 0;; ++step) {
      step += std::floor(std::log(random.uniform()) * scale);
      if (step >= steps) return;
      add(unit, step);
    }
  }
}

template <class T>
void Encoder<T>::add(std::uint32_t unit, double step) {
  if (step < static_cast<double>(steps_))
    drawn_.push_back({static_cast<std::uint64_t>(step), unit});
}

template <class T>
void Encoder<T>::sort() {
  start_.assign(steps_ + 1, 0);
  for (const StepSpike& spike : drawn_) ++start_[spike.step + 1];
  for (std::size_t step = 0; step < steps_; ++step) start_[step + 1] += start_[step];
  units_.resize(drawn_.size());
  next_ = start_;
  for (const StepSpike& spike : drawn_) units_[next_[spike.step]++] = spike.unit;
}

template class Encoder<float>;
template class Encoder<double>;

}  // namespace deltaw
