// SPDX-License-Identifier: Apache-2.0
// What a unit remembers of its spikes: traces that jump at a spike and decay, worked out only when
// they are asked for. One instance, one thread.
#pragma once

#include <algorithm>
#include <armadillo>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace deltaw {

// A unit has one or two traces; their values, unused ones 0.
template <class T>
using TraceValues = std::array<T, 2>;

// How one trace of every unit of a layer goes. It counts as 0 once it is below `negligible`, by
// default the precision of the element type (16 tau in float, 36 tau in double).
struct Trace {
  std::function<double(double)> shape;  // value at some ms after one spike; finite, 1 at 0 ms
  double scale, reach;                  // ms that tell of its speed; ms to its end, 0: negligible
  bool is_summed;                       // all spikes add up, or only the last one counts
  double negligible;                    // 0: of the element type
};

// += 1 at each spike, decays with tau (ms): all pairs of spikes count.
inline Trace all_to_all(double tau, double negligible = 0) {
  return {[tau](double ms) { return std::exp(-ms / tau); }, tau, 0, true, negligible};
}
// = 1 at each spike, decays with tau (ms): only the nearest spike before counts.
inline Trace nearest(double tau, double negligible = 0) {
  return {[tau](double ms) { return std::exp(-ms / tau); }, tau, 0, false, negligible};
}
// shape(ms since the last spike) up to `reach` ms, then 0: a window of any shape, nearest spike.
inline Trace window(double reach, std::function<double(double)> shape) {
  return {std::move(shape), reach, reach, false, 0};
}

namespace detail {

inline constexpr std::int64_t k_never = std::numeric_limits<std::int64_t>::min() / 4;

// A trace's shape by steps.
template <class T>
class DecayTable {
 public:
  // Throws std::invalid_argument for times that are not positive, steps that are too long or more
  // of them than memory should hold.
  DecayTable(const Trace& trace, double dt) {
    const auto refuse = [&](const char* what) {
      throw std::invalid_argument("a trace of " + std::to_string(trace.scale) +
                                  " ms with steps of " + std::to_string(dt) + " ms: " + what);
    };
    if (!(dt > 0)) refuse("spikes need steps that last some time");
    if (!(trace.scale > 0) || !std::isfinite(trace.scale)) refuse("its time must be above 0 ms");
    if (dt > trace.scale) refuse("steps must not be longer than the trace");
    double least = trace.negligible;
    if (least == 0) least = static_cast<double>(std::numeric_limits<T>::epsilon());
    constexpr std::size_t most = std::size_t{1} << 22;
    const double end = trace.reach > 0 ? trace.reach / dt : static_cast<double>(most);
    if (trace.scale / dt > static_cast<double>(most) / 64) refuse("steps are too short for it");
    for (std::size_t n = 0; static_cast<double>(n) <= end; ++n) {
      const double value = trace.shape(static_cast<double>(n) * dt);
      if (trace.reach == 0 && value < least) break;
      values_.push_back(static_cast<T>(value));
    }
  }

  [[nodiscard]] T operator()(std::int64_t steps) const {
    return steps < reach() ? values_[static_cast<std::size_t>(steps)] : T(0);
  }
  [[nodiscard]] std::int64_t reach() const { return static_cast<std::int64_t>(values_.size()); }

 private:
  std::vector<T> values_;
};

// The traces of all units of a layer, as (values just after the last spike, its step), and a list
// of the units whose first trace is alive.
template <class T, std::size_t N>
class LayerTraces {
  static_assert(N == 1 || N == 2, "a unit has one or two traces");

 public:
  using Values = TraceValues<T>;

  LayerTraces(const Trace (&traces)[N], arma::uword units)
      : traces_(traces, traces + N),
        values_(N, units, arma::fill::zeros),
        last_(units),
        is_listed_(units, arma::fill::zeros) {
    last_.fill(k_never);
    listed_.reserve(units);
    now_.reserve(units);
  }

  // Before the first use, after a change of dt and after loading. `margin`: steps that a unit stays
  // listed after its first trace has died; is_everyone: all are, always.
  void begin(double dt, std::int64_t margin, bool is_everyone) {
    tables_.clear();
    for (const Trace& trace : traces_) tables_.emplace_back(trace, dt);
    kept_ = is_everyone ? std::numeric_limits<std::int64_t>::max() : tables_[0].reach() + margin;
    listed_.clear();
    if (is_everyone) is_listed_.ones();
    for (std::uint32_t unit = 0; unit < last_.n_elem; ++unit) {
      if (is_listed(unit)) listed_.push_back(unit);
    }
  }

  [[nodiscard]] bool is_listed(std::uint32_t unit) const { return is_listed_[unit] != 0; }
  [[nodiscard]] arma::uword units() const { return last_.n_elem; }

  // At a step that is not before the unit's last spike.
  [[nodiscard]] Values at(std::uint32_t unit, std::int64_t step) const {
    return decayed({value(0, unit), N == 2 ? value(N - 1, unit) : T(0)}, step - last_[unit]);
  }
  [[nodiscard]] Values decayed(Values values, std::int64_t steps) const {
    for (std::size_t n = 0; n < N; ++n) values[n] *= tables_[n](steps);
    return values;
  }

  // A spike of the unit, whose traces were `before` at that step; returns what they are after it.
  // Throws std::invalid_argument for a second one in a step.
  Values spike(std::uint32_t unit, std::int64_t step, const Values& before) {
    if (last_[unit] == step) {
      throw std::invalid_argument("unit " + std::to_string(unit) + " spikes twice in step " +
                                  std::to_string(step));
    }
    Values after{};
    for (std::size_t n = 0; n < N; ++n) {
      after[n] = traces_[n].is_summed ? before[n] + 1 : T(1);
      values_.at(n, unit) = after[n];
    }
    last_[unit] = step;
    if (!is_listed_[unit]) {
      is_listed_[unit] = 1;
      listed_.push_back(unit);
    }
    return after;
  }

  [[nodiscard]] const std::vector<std::uint32_t>& listed() const { return listed_; }
  // Strikes the dead off the list and tells dropped(unit) of each.
  template <class F>
  void strike_dead(std::int64_t step, F dropped) {
    std::size_t kept = 0;
    for (const std::uint32_t unit : listed_) {
      if (step - last_[unit] < kept_) {
        listed_[kept++] = unit;
      } else {
        is_listed_[unit] = 0;
        dropped(unit);
      }
    }
    listed_.resize(kept);
  }
  // The values of listed() at this step, in its order.
  [[nodiscard]] const std::vector<Values>& values_at(std::int64_t step) {
    now_.clear();
    for (const std::uint32_t unit : listed_) now_.push_back(at(unit, step));
    return now_;
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(values_, last_, is_listed_);
  }

 private:
  [[nodiscard]] T value(std::size_t n, std::uint32_t unit) const { return values_.at(n, unit); }

  std::vector<Trace> traces_;
  std::vector<DecayTable<T>> tables_;
  arma::Mat<T> values_;        // traces x units
  arma::Col<arma::s64> last_;  // step of the last spike
  std::int64_t kept_ = 0;
  arma::Col<arma::u8> is_listed_;
  std::vector<std::uint32_t> listed_;
  std::vector<Values> now_;
};

}  // namespace detail
}  // namespace deltaw
