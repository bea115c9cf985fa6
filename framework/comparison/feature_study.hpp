// SPDX-License-Identifier: Apache-2.0
// What a layer's activity tells when training has ended: readouts and selectivity. Free functions
// that read a network: on its thread.
#pragma once

#include <stop_token>
#include <string>

#include "comparison/feature_course.hpp"
#include "comparison/outcome.hpp"
#include "readout/spec.hpp"

namespace deltaw {

// The frozen layer whose activity is studied.
template <class T>
struct FeatureSource {
  std::string layer;
  std::size_t units;
  // units x samples of a part ("train", "validation", "test"); empty when stopped.
  std::function<std::optional<arma::Mat<T>>(const Partition<T>&, const char*)> activity;
};

// The layer that the spec names, in this network. Error: E510 where it has none of that name.
[[nodiscard]] std::size_t features_layer(const FeaturesSpec& spec, const Graph& graph);

// Learns the readouts from the training part, and measures them on every part, and selectivity on
// the test part, or where there is none the training part. Adds to `outcome`
//   metrics: <readout>_<part>_accuracy (empty where its learning diverged), selectivity (mean alpha
//     / patterns), overlap, selected (S / patterns), capacity (/ patterns), dead_units;
//   arrays: readout/<readout> (classes x units) and readout/<readout>.bias of linear ones;
//   features.json: {layer, units, part, patterns, alpha: [of each unit], selected, overlap,
//     capacity, dead, per_class: [unit][class], labels: [class of each unit, or null], readouts:
//     {NAME: {type, train, validation, test, course: [[epoch, loss]], error?}}, course: [rows of
//     FeatureCourse]}; what selectivity found is absent where it was not asked for;
//   confusion, of the first readout, where the network has none of its own.
// False when stopped: then nothing is added. Error: E304 when the activity is not finite.
template <class T>
[[nodiscard]] bool study_features(const FeaturesSpec& spec, const FeatureSource<T>& source,
                                  const Split<T>& data, std::uint64_t seed,
                                  const nlohmann::json& course, const std::stop_token& stop,
                                  const OnReadout& on_readout, RunOutcome& outcome);

}  // namespace deltaw
