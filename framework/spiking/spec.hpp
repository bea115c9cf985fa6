// SPDX-License-Identifier: Apache-2.0
// A network of spiking units as the experiment describes it: plain values, names not yet resolved.
// Times in ms, potentials in mV, rates in Hz.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "network/spec.hpp"

namespace deltaw {

// Leaky integrate and fire. With g_e, g_i the synaptic input, which jumps by w at each arrival and
// decays with its own tau:
//   "conductance"  tau dv/dt = (rest - v) + g_e (reversal_e - v) + g_i (reversal_i - v) + current
//   "current"      tau dv/dt = (rest - v) + (g_e - g_i) + current
// v > threshold + theta - theta_offset is a spike: v = reset for `refractory`, in which g and theta
// run on.
struct LeakySpec {
  std::string model = "current";
  double tau = 20, rest = -65, reset = -65, threshold = -50, refractory = 0;
  double initial = std::numeric_limits<double>::quiet_NaN();  // v at the start; NaN: rest
  double current = 0;                                         // mV, constant
  double excitatory_tau = 5, inhibitory_tau = 5;  // 0: in the current model w is added to v at once
  double excitatory_reversal = 0, inhibitory_reversal = -80;
  // Adaptive threshold: theta += increment at each own spike, and decays to 0 with theta_tau.
  double theta = 0, theta_increment = 0, theta_tau = 1e7, theta_offset = 0;
  // With g as it is at the beginning of the step: "implicit": backward Euler for v, stable for any
  // input; "exponential": exact for v, and in the current model for g, too; "euler": forward, for
  // g and theta as well, which the others let decay exactly.
  std::string integrator = "implicit";
};

// Units whose spikes come from outside.
struct SourceSpec {
  // "poisson": independent, at value x rate; "regular": evenly spaced at value x rate, from a
  // random phase; "latency": one spike, at (1 - value) x window, none for value 0; "spikes": a file
  // of (unit, time), ordered by time; "current": no spikes, but a constant current of value x
  // amplitude, of which each target gets its weight's share; "protocol": spikes when the task's
  // protocol says.
  std::string type = "poisson";
  double rate = 63.75;    // Hz at value 1
  double window = 100;    // ms, of latency
  double amplitude = 20;  // mV at value 1, of current
  std::string file = {};
};

struct SpikingLayerSpec {
  std::string name;
  std::size_t units = 0;
  bool is_source = false;
  LeakySpec leaky = {};
  SourceSpec source = {};
};

struct DelaySpec {
  double low = 0, high = 0;  // ms; different: uniform for each synapse on its own
};

struct SpikingConnectionSpec {
  std::string from, to;
  std::string name = {};                // default "<from>><to>"
  std::string receptor = "excitatory";  // or "inhibitory"
  std::string pattern = "all-to-all";   // "one-to-one", "all-but-self", "random"
  double density = 1;                   // of "random": each synapse exists with this probability
  InitSpec init = {};                   // of the synapses that exist
  DelaySpec delay = {};
  ConstraintSpec constraint = {};  // bounds
  double sum = 0;  // each unit's incoming weights are scaled to it before a presentation; 0: off
  bool plastic = false;
};

// How a sample is shown: `show` ms, then `rest` ms of silence. With fewer than `least_spikes` in
// `layer`, it is shown again with all rates raised by `raise` of their first value.
struct PresentationSpec {
  std::string layer;  // whose spikes are counted; empty: the last
  double show = 350, rest = 150;
  std::size_t least_spikes = 0;
  double raise = 0.5;
  std::size_t most_repeats = 20;
};

struct SpikingSpec {
  double dt = 0.5;
  // The first source is the input, which samples are shown to; the units of others are at value 1.
  std::vector<SpikingLayerSpec> layers;
  std::vector<SpikingConnectionSpec> connections;
  PresentationSpec presentation;
};

}  // namespace deltaw
