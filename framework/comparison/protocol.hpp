// SPDX-License-Identifier: Apache-2.0
// What the protocols of spiking networks have in common, and each of them. One thread a call.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "spiking/spec.hpp"
#include "task/protocol_spec.hpp"
#include "training/drive.hpp"

namespace deltaw {

// A protocol applied to a network, which is drawn anew from the seed for every value, lag or
// sample.
struct Application {
  const ProtocolSpec& protocol;
  const SpikingSpec& network;
  std::uint64_t seed;
  const std::stop_token& stop;
  std::function<void(std::size_t, std::size_t)> on_done;  // values, of how many
};

struct Measurement {
  nlohmann::json document;                               // measurement.json
  std::map<std::string, std::optional<double>> metrics;  // of the run
};

// Each is empty when stopped, and throws what is wrong: E503 a network that the protocol does not
// fit, and those of SpikingNetwork, Sources and SpikingDriver.

// All sources at value 1. {recording: as to_json(SpikeRecording), layers: [{name, spikes}]}.
// Metrics: spikes_in and spikes_out, of the first layer that leads to the last one and of the last;
// where arrivals move v of its unit 0 at once (model current, tau 0): "jump", the mean of how far v
// is beyond where its leak alone would have brought it, "weight", what should arrive, and
// jump_error, the largest difference of the two over the mean weight.
template <class T>
[[nodiscard]] std::optional<Measurement> measure_recording(const Application& application);

// The window of the rule that drives the plastic connection from the first source, by `pairs`
// pairs at each lag, each lag with fresh weights: {pairs, points: [{lag, change}], fit}, the change
// summed over the pairs, the mean over synapses. Metrics: a_plus and tau_plus of
// pairs a_plus exp(-lag / tau_plus) for positive lags, by least squares of the logarithm, a_minus
// and tau_minus of -pairs a_minus exp(lag / tau_minus) for negative ones; r_squared_plus, _minus of
// these lines. Where the rule has number parameters of these names, also NAME_error, relative to
// them. `drives`: of the arm. Error: E503 also where the target does not spike once a pair, when it
// should.
template <class T>
[[nodiscard]] std::optional<Measurement> measure_pairing(const Application& application,
                                                         const std::vector<DriveSpec>& drives);

// {dt, points: [{current, unit, interval, rate, expected (interval), worst}]}: unit by unit of the
// last layer, current in mV, times in ms; interval and expected are null below threshold or with
// fewer than two spikes. Expected is refractory + tau ln((rest + I - reset) / (rest + I -
// threshold)), where nothing but currents leads to the layer and its threshold does not adapt.
// Metrics: threshold_current, the lowest that made a unit spike; worst_interval, the largest
// difference of an interval from the expected one, in steps; worst_rate, that of a rate, relative.
template <class T>
[[nodiscard]] std::optional<Measurement> measure_current_sweep(const Application& application);

// {show, tolerance, points: {ideal: [], count: []}, fit: {all, valid}}: for each sample and unit of
// the last layer the spikes that max(0, W x) / (threshold - reset) says, from layer to layer, and
// those counted. W x is the sum of what arrives, in mV. Metrics: slope, intercept and r_squared of
// count over ideal, where the ideal count is above 0; right, the share of all points within the
// tolerance; valid_from and valid_to, the widest range of ideal counts in which all points are, and
// valid_slope, valid_intercept, valid_r_squared there.
template <class T>
[[nodiscard]] std::optional<Measurement> measure_rectification(const Application& application);

}  // namespace deltaw
