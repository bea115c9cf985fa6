// SPDX-License-Identifier: Apache-2.0
// Activity of the training part is computed once and kept while the readouts learn; that of the
// other parts is small.
#include "comparison/feature_study.hpp"

#include <fmt/format.h>

#include <array>

#include "analysis/pattern_selectivity.hpp"
#include "core/nearest.hpp"
#include "core/rounded.hpp"
#include "readout/labels.hpp"
#include "training/divergence.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

template <class T>
struct Part {
  const char* name;
  const Partition<T>& data;
  arma::Mat<T> activity;  // units x samples
};

template <class T>
using Parts = std::array<Part<T>, 3>;  // train, validation, test

NpyMatrix confusion_of(const std::vector<std::uint32_t>& predicted,
                       const std::vector<std::uint32_t>& labels, std::size_t classes) {
  arma::Mat<std::int64_t> counts(classes, classes, arma::fill::zeros);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (predicted[i] != k_no_class) ++counts(labels[i], predicted[i]);
  }
  return to_npy(counts);
}

// False when stopped.
template <class T>
bool add_readout(const ReadoutSpec& spec, const Parts<T>& parts, std::uint64_t seed,
                 const std::stop_token& stop, const OnReadout& on_readout, RunOutcome& outcome,
                 json& found) {
  const std::size_t classes = parts[0].data.targets.n_rows;
  const auto readout = make_readout<T>(spec, parts[0].activity.n_rows, classes);
  const auto on_epoch = [&](std::size_t epoch, std::size_t epochs) {
    if (on_readout) on_readout(spec.name, epoch, epochs);
  };
  const bool has_learnt =
      readout->learn(parts[0].activity, parts[0].data.labels, seed, stop, on_epoch);
  if (stop.stop_requested()) return false;
  json course = json::array();
  for (const double loss : readout->course()) {
    course.push_back({course.size() + 1, rounded(loss)});
  }
  found = {{"type", spec.type}, {"course", std::move(course)}};
  if (!has_learnt) {
    found["error"] = fmt::format("its loss diverged in epoch {}", readout->course().size());
  }
  for (const Part<T>& part : parts) {
    if (part.data.size() == 0) continue;
    std::optional<double>& metric =
        outcome.record.metrics[fmt::format("{}_{}_accuracy", spec.name, part.name)];
    if (has_learnt) {
      const std::vector<std::uint32_t> predicted = readout->predict(part.activity);
      metric = accuracy_of(predicted, part.data.labels);
      if (part.name == std::string_view("test") && outcome.confusion.rows == 0) {
        outcome.confusion = confusion_of(predicted, part.data.labels, classes);
      }
    }
    found[part.name] = rounded(metric);
  }
  for (const auto& [name, values] : readout->parameters()) {
    outcome.arrays.emplace_back("readout/" + spec.name + name, to_npy(values));
  }
  return true;
}

template <class T>
void add_selectivity(const Part<T>& part, RunOutcome& outcome, json& found) {
  const PatternSelectivity selectivity =
      pattern_selectivity(part.activity, part.data.labels, part.data.targets.n_rows);
  const auto share = [&](double count) {
    return count / static_cast<double>(selectivity.patterns);
  };
  auto& metrics = outcome.record.metrics;
  metrics["selectivity"] = share(selectivity.mean_alpha());
  metrics["overlap"] = selectivity.overlap();
  metrics["selected"] = share(static_cast<double>(selectivity.selected));
  metrics["capacity"] = share(static_cast<double>(selectivity.capacity));
  metrics["dead_units"] = static_cast<double>(selectivity.dead);
  found.update({{"part", part.name},
                {"patterns", selectivity.patterns},
                {"alpha", selectivity.alpha},
                {"selected", selectivity.selected},
                {"overlap", rounded(selectivity.overlap())},
                {"capacity", selectivity.capacity},
                {"dead", selectivity.dead},
                {"per_class", selectivity.per_class}});
}

template <class T>
void require_finite(const Part<T>& part, const std::string& layer) {
  if (part.activity.is_finite()) return;
  throw Error(Code::E304,
              fmt::format("the activity of layer '{}' over the {} part is not finite after the "
                          "last update",
                          layer, part.name),
              {.hint = k_diverged_hint});
}

template <class T>
json labels_of_units(const Part<T>& train) {
  UnitLabels<T> units(train.activity.n_rows, train.data.targets.n_rows);
  units.add(train.activity, train.data.labels.data());
  json labels = json::array();
  for (const std::uint32_t label : units.labels()) {
    labels.push_back(label == k_no_class ? json() : json(label));
  }
  return labels;
}

}  // namespace

std::size_t features_layer(const FeaturesSpec& spec, const Graph& graph) {
  if (spec.layer.empty()) return graph.output;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    if (graph.layers[i].name == spec.layer) return i;
    known.push_back(graph.layers[i].name);
  }
  throw Error(Code::E510, fmt::format("\"features\" names no layer: '{}'", spec.layer),
              {.hint = suggest(spec.layer, known)});
}

template <class T>
bool study_features(const FeaturesSpec& spec, const FeatureSource<T>& source, const Split<T>& data,
                    std::uint64_t seed, const json& course, const std::stop_token& stop,
                    const OnReadout& on_readout, RunOutcome& outcome) {
  Parts<T> parts{Part<T>{"train", data.train, {}}, Part<T>{"validation", data.validation, {}},
                 Part<T>{"test", data.test, {}}};
  for (Part<T>& part : parts) {
    if (part.data.size() == 0) continue;
    std::optional<arma::Mat<T>> activity = source.activity(part.data, part.name);
    if (!activity) return false;
    part.activity = std::move(*activity);
    require_finite(part, source.layer);
  }
  json found = {{"layer", source.layer},
                {"units", source.units},
                {"labels", labels_of_units(parts[0])},
                {"readouts", json::object()},
                {"course", course}};
  RunOutcome fuller = outcome;
  for (const ReadoutSpec& readout : spec.readouts) {
    if (!add_readout(readout, parts, seed, stop, on_readout, fuller,
                     found["readouts"][readout.name])) {
      return false;
    }
  }
  if (spec.selectivity) {
    add_selectivity(parts[data.test.size() > 0 ? 2 : 0], fuller, found);
  }
  fuller.features = std::make_shared<const json>(std::move(found));
  outcome = std::move(fuller);
  return true;
}

template bool study_features(const FeaturesSpec&, const FeatureSource<float>&, const Split<float>&,
                             std::uint64_t, const json&, const std::stop_token&, const OnReadout&,
                             RunOutcome&);
template bool study_features(const FeaturesSpec&, const FeatureSource<double>&,
                             const Split<double>&, std::uint64_t, const json&,
                             const std::stop_token&, const OnReadout&, RunOutcome&);

}  // namespace deltaw
