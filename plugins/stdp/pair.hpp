// SPDX-License-Identifier: Apache-2.0
// Pair-based STDP: strengthens when the target spikes after an arrival, weakens when it spiked
// before. With u = (w - lower) / (upper - lower) and s ms between the two spikes,
//   arrival first:  ΔW =  A+ (1 - u)^mu K(s, tau+)      spike first:  ΔW = -A- u^mu K(s, tau-)
// Song, Miller and Abbott 2000 (doi:10.1038/78829): mu = 0, additive; Rubin, Lee and Sompolinsky
// 2001 (doi:10.1103/PhysRevLett.86.364): mu = 1, multiplicative; Gütig et al. 2003
// (doi:10.1523/JNEUROSCI.23-09-03697.2003): any mu. One thread an instance.
#pragma once

#include <cmath>
#include <deltaw/spikes.hpp>
#include <stdexcept>
#include <string>

#include "power.hpp"

template <class T>
class Stdp : public deltaw::SpikeRule<Stdp<T>, T> {
 public:
  static constexpr auto id = "stdp";
  static constexpr auto version = "1.0.0";

  explicit Stdp(const deltaw::Setup& setup)
      : Stdp::SpikeRule(setup, {trace(setup, "tau_plus")}, {trace(setup, "tau_minus")}),
        needs_bounds(setup.text("bounds") != "additive"),
        a_plus_(static_cast<T>(setup.number("a_plus"))),
        a_minus_(static_cast<T>(setup.number("a_minus"))),
        power_(exponent(setup)) {}

  const bool needs_bounds;

  T on_pre(const deltaw::Synapse<T>& s) const {
    const T factor = needs_bounds ? power_((s.weight - s.lower) / (s.upper - s.lower)) : T(1);
    return -a_minus_ * factor * s.post[0];
  }
  T on_post(const deltaw::Synapse<T>& s) const {
    const T factor = needs_bounds ? power_((s.upper - s.weight) / (s.upper - s.lower)) : T(1);
    return a_plus_ * factor * s.pre[0];
  }

 private:
  // K(s, tau) = exp(-s / tau), or 1 ms / s up to `reach`. Spikes in the same step have no order,
  // and the reciprocal window is odd: no change.
  static deltaw::Trace trace(const deltaw::Setup& setup, const char* tau) {
    const bool is_nearest = setup.text("pairing") == "nearest";
    if (setup.text("window") == "reciprocal") {
      if (!is_nearest) {
        throw std::invalid_argument(
            "window \"reciprocal\" goes with pairing \"nearest\": no trace sums it over all pairs");
      }
      return deltaw::window(setup.number("reach"), [](double ms) { return ms > 0 ? 1 / ms : 0.0; });
    }
    return is_nearest ? deltaw::nearest(setup.number(tau)) : deltaw::all_to_all(setup.number(tau));
  }
  static double exponent(const deltaw::Setup& setup) {
    return setup.text("bounds") == "multiplicative" ? 1 : setup.number("mu");
  }

  T a_plus_, a_minus_;
  Power<T> power_;
};
