// SPDX-License-Identifier: Apache-2.0
// A trace of every synapse that decays all the time and is touched only where something happens:
// kept as it would be without decay since a reference step. One thread an instance.
#pragma once

#include <cmath>
#include <cstdint>
#include <deltaw/rule.hpp>

template <class T>
class Eligibility {
 public:
  // tau in ms.
  Eligibility(arma::uword outputs, arma::uword inputs, double tau)
      : tau_(tau), grown_(outputs, inputs, arma::fill::zeros) {}

  // What follows happens at this step, which is not before the last one. Every 16 tau this is a
  // pass over all synapses, so that numbers stay small.
  void go_to(std::int64_t step, double dt) {
    if (step == now_) return;
    now_ = step;
    const double age = static_cast<double>(step - reference_) * dt / tau_;
    if (age > 16) {
      grown_ *= static_cast<T>(std::exp(-age));
      reference_ = step;
    }
    growth_ = static_cast<T>(std::exp(age > 16 ? 0 : age));
  }
  void add(std::uint32_t i, std::uint32_t j, T amount) { grown_.at(i, j) += amount * growth_; }

  // out(k, e) for every synapse k, in the order of W's memory.
  template <class F>
  void for_each(F out) const {
    const T decay = 1 / growth_;
    const T* const e = grown_.memptr();
    for (arma::uword k = 0; k < grown_.n_elem; ++k) out(k, e[k] * decay);
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(grown_, now_, reference_, growth_);
  }

 private:
  double tau_;
  arma::Mat<T> grown_;  // e exp((now - reference) / tau), outputs x inputs
  std::int64_t now_ = 0, reference_ = 0;
  T growth_ = 1;  // exp((now - reference) / tau)
};
