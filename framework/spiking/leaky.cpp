// SPDX-License-Identifier: Apache-2.0
// v is kept as its distance from rest + current, where floating point has most to give, and theta
// divided by a scale that decays for all units at once: a decay of 5e-8 a step would be lost in
// float32, theta by theta.
#include "spiking/leaky.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "spiking/bytes.hpp"

namespace deltaw {

using detail::k_block;
using detail::Motion;

namespace {

// Far below what moves v, and in no 32 steps down to the numbers that processors are slow with.
constexpr double k_least_input = 1e-15;
constexpr double k_rest = 1e-6;            // mV
constexpr std::int32_t k_look = 32;        // steps between looks for blocks at rest
constexpr std::int32_t k_epoch = 1 << 16;  // steps after which counters start again
constexpr double k_least_scale = 0.5;
// Blocks awake from which on their sharing out, half a microsecond, is worth it.
constexpr std::size_t k_shared = 32;

Motion motion_of(const LeakySpec& spec) {
  if (spec.model == "current") return Motion::linear;
  if (spec.integrator == "implicit") return Motion::implicit;
  return spec.integrator == "euler" ? Motion::euler : Motion::exponential;
}

// What an exponential decay keeps in a step.
double keep_of(const LeakySpec& spec, double dt, double tau) {
  if (tau == 0) return 0;
  return spec.integrator == "euler" ? 1 - dt / tau : std::exp(-dt / tau);
}

// What v gains in a step from a synaptic current of 1 mV, of the current model. "exponential" is
// exact: the integral of exp(-(dt - t) / tau) exp(-t / tau_input) / tau over the step.
double gain_of(const LeakySpec& spec, double dt, double tau_input) {
  if (tau_input == 0) return 0;
  const double a = dt / spec.tau;
  if (spec.integrator == "implicit") return a / (1 + a);
  if (spec.integrator == "euler") return a;
  const double difference = a - dt / tau_input;
  const double ratio = difference == 0 ? 1 : std::expm1(difference) / difference;
  return a * std::exp(-a) * ratio;
}

// The same of a constant current.
double gain_of_constant(const LeakySpec& spec, double dt) {
  const double a = dt / spec.tau;
  if (spec.integrator == "implicit") return a / (1 + a);
  return spec.integrator == "euler" ? a : -std::expm1(-a);
}

template <class T>
detail::LeakyStep<T> step_of(const LeakySpec& spec, double dt) {
  const double a = dt / spec.tau, resting = spec.rest + spec.current;
  const auto as = [](double value) { return static_cast<T>(value); };
  detail::LeakyStep<T> step;
  step.keep = as(spec.integrator == "implicit" ? 1 / (1 + a) : keep_of(spec, dt, spec.tau));
  step.take_e = as(gain_of(spec, dt, spec.excitatory_tau));
  step.take_i = as(gain_of(spec, dt, spec.inhibitory_tau));
  step.take_c = as(gain_of_constant(spec, dt));
  step.a = as(a);
  step.reversal_e = as(spec.excitatory_reversal - resting);
  step.reversal_i = as(spec.inhibitory_reversal - resting);
  step.keep_e = as(keep_of(spec, dt, spec.excitatory_tau));
  step.keep_i = as(keep_of(spec, dt, spec.inhibitory_tau));
  step.threshold = as(spec.threshold - spec.theta_offset - resting);
  return step;
}

}  // namespace

template <class T>
LeakyLayer<T>::LeakyLayer(const LeakySpec& spec, std::size_t units, double dt)
    : units_(units),
      blocks_((units + k_block - 1) / k_block),
      motion_(motion_of(spec)),
      step_(step_of<T>(spec, dt)),
      resting_(spec.rest + spec.current),
      reset_(static_cast<T>(spec.reset - resting_)),
      theta_increment_(static_cast<T>(spec.theta_increment)),
      theta_keep_(keep_of(spec, dt, spec.theta_tau)),
      adapts_(spec.theta != 0 || spec.theta_increment != 0),
      may_sleep_(step_.threshold >= 0),
      jumps_e_(spec.excitatory_tau == 0),
      jumps_i_(spec.inhibitory_tau == 0),
      refractory_(std::max(1, static_cast<std::int32_t>(std::lround(spec.refractory / dt)))),
      x_(blocks_ * k_block),
      e_(x_.size()),
      i_(x_.size()),
      theta_(x_.size(), std::numeric_limits<T>::infinity()),  // so that padding never spikes
      factor_(motion_ == Motion::exponential ? x_.size() : 0),
      free_at_(x_.size()),
      is_awake_(blocks_, 1),
      crossed_(blocks_) {
  const double initial = std::isnan(spec.initial) ? spec.rest : spec.initial;
  std::fill_n(x_.begin(), units_, static_cast<T>(initial - resting_));
  std::fill_n(theta_.begin(), units_, static_cast<T>(spec.theta));
}

template <class T>
void LeakyLayer<T>::integrate(Team* team) {
  if (step_.now == k_epoch) start_epoch();
  decay_theta();
  spikes_.clear();
  if (team == nullptr || blocks_awake() < k_shared) {
    is_unstable_ = advance({0, blocks_});
  } else {
    std::atomic<bool> is_unstable = false;
    team->run([&](std::size_t k) {
      if (advance(share_of(blocks_, k, team->members()))) is_unstable = true;
    });
    is_unstable_ = is_unstable;
  }
  for (std::size_t block = 0; block < blocks_; ++block) {
    if (is_awake_[block] != 0 && crossed_[block] != 0) list_spikes(block);
  }
  if (step_.now % k_look == 0) settle();
}

template <class T>
bool LeakyLayer<T>::advance(Range blocks) {
  const detail::LeakyArrays<T> arrays = {
      x_.data(),      e_.data(),       i_.data(),
      theta_.data(),  free_at_.data(), current_.empty() ? nullptr : current_.data(),
      factor_.data(), crossed_.data()};
  bool is_unstable = false;
  for (std::size_t first = blocks.first; first < blocks.last;) {
    std::size_t last = first;
    while (last < blocks.last && is_awake_[last] != 0) ++last;
    if (last > first) is_unstable |= detail::advance(motion_, arrays, step_, first, last);
    first = last + 1;
  }
  return is_unstable;
}

template <class T>
void LeakyLayer<T>::start_epoch() {
  for (std::int32_t& step : free_at_) step = std::max(step - k_epoch, 0);
  step_.now = 0;
}

template <class T>
void LeakyLayer<T>::decay_theta() {
  if (!adapts_ || is_held_) return;
  theta_scale_ *= theta_keep_;
  if (theta_scale_ < k_least_scale) {
    for (T& theta : theta_) theta *= static_cast<T>(theta_scale_);
    theta_scale_ = 1;
  }
  step_.theta_scale = static_cast<T>(theta_scale_);
}

template <class T>
void LeakyLayer<T>::list_spikes(std::size_t block) {
  const std::size_t last = std::min((block + 1) * k_block, units_);
  for (std::size_t k = block * k_block; k < last; ++k) {
    if (free_at_[k] <= step_.now && detail::passes(x_[k], theta_[k], step_)) {
      spikes_.push_back(static_cast<std::uint32_t>(k));
    }
  }
}

template <class T>
void LeakyLayer<T>::settle() {
  for (std::size_t block = 0; block < blocks_; ++block) {
    if (is_awake_[block] == 0) continue;
    settle_inputs(block);
    if (!may_sleep_ || !current_.empty() || !is_at_rest(block)) continue;
    std::fill_n(x_.data() + block * k_block, k_block, T(0));
    is_awake_[block] = 0;
  }
}

template <class T>
void LeakyLayer<T>::settle_inputs(std::size_t block) {
  for (std::size_t k = block * k_block; k < (block + 1) * k_block; ++k) {
    e_[k] = std::abs(e_[k]) < static_cast<T>(k_least_input) ? T(0) : e_[k];
    i_[k] = std::abs(i_[k]) < static_cast<T>(k_least_input) ? T(0) : i_[k];
  }
}

template <class T>
bool LeakyLayer<T>::is_at_rest(std::size_t block) const {
  for (std::size_t k = block * k_block; k < (block + 1) * k_block; ++k) {
    if (std::abs(x_[k]) > static_cast<T>(k_rest) || e_[k] != 0 || i_[k] != 0 ||
        free_at_[k] > step_.now) {
      return false;
    }
  }
  return true;
}

template <class T>
void LeakyLayer<T>::wake_all() {
  std::fill(is_awake_.begin(), is_awake_.end(), std::uint8_t{1});
}

template <class T>
void LeakyLayer<T>::set_current(std::span<const T> current) {
  current_.clear();
  if (std::ranges::all_of(current, [](T c) { return c == 0; })) return;
  current_.resize(x_.size());
  std::ranges::copy(current, current_.begin());
  wake_all();
}

template <class T>
void LeakyLayer<T>::reset() {
  if (jumps_e_ || jumps_i_) add_jumps();
  for (const std::uint32_t unit : spikes_) {
    x_[unit] = reset_;
    free_at_[unit] = step_.now + refractory_;
    if (!is_held_) theta_[unit] += theta_increment_ / step_.theta_scale;
  }
  ++step_.now;
}

template <class T>
void LeakyLayer<T>::add_jumps() {
  for (std::size_t block = 0; block < blocks_; ++block) {
    if (is_awake_[block] == 0) continue;
    for (std::size_t k = block * k_block; k < (block + 1) * k_block; ++k) {
      const T jump = (jumps_e_ ? e_[k] : T(0)) - (jumps_i_ ? i_[k] : T(0));
      if (free_at_[k] <= step_.now) x_[k] += jump;
      if (jumps_e_) e_[k] = 0;
      if (jumps_i_) i_[k] = 0;
    }
  }
}

template <class T>
std::size_t LeakyLayer<T>::blocks_awake() const {
  return static_cast<std::size_t>(std::count(is_awake_.begin(), is_awake_.end(), 1));
}

template <class T>
arma::Col<T> LeakyLayer<T>::potential() const {
  return arma::Col<T>(x_.data(), units_) + static_cast<T>(resting_);
}

template <class T>
arma::Col<T> LeakyLayer<T>::theta() const {
  return arma::Col<T>(theta_.data(), units_) * step_.theta_scale;
}

template <class T>
arma::Col<T> LeakyLayer<T>::excitatory_input() const {
  return arma::Col<T>(e_.data(), units_);
}

template <class T>
arma::Col<T> LeakyLayer<T>::inhibitory_input() const {
  return arma::Col<T>(i_.data(), units_);
}

template <class T>
void LeakyLayer<T>::save(StateWriter& writer) const {
  writer.integer("now", static_cast<std::uint64_t>(step_.now));
  writer.real("theta scale", theta_scale_);
  writer.matrix("potential", x_.data(), units_, 1);
  writer.matrix("excitatory", e_.data(), units_, 1);
  writer.matrix("inhibitory", i_.data(), units_, 1);
  writer.matrix("theta", theta_.data(), units_, 1);
  save_list(writer, "free at", std::span(free_at_).first(units_));
}

template <class T>
void LeakyLayer<T>::load(StateReader& reader) {
  step_.now = static_cast<std::int32_t>(reader.integer("now"));
  theta_scale_ = reader.real("theta scale");
  step_.theta_scale = static_cast<T>(theta_scale_);
  reader.matrix("potential", x_.data(), units_, 1);
  reader.matrix("excitatory", e_.data(), units_, 1);
  reader.matrix("inhibitory", i_.data(), units_, 1);
  reader.matrix("theta", theta_.data(), units_, 1);
  load_list(reader, "free at", std::span(free_at_).first(units_));
  wake_all();
}

template class LeakyLayer<float>;
template class LeakyLayer<double>;

}  // namespace deltaw
