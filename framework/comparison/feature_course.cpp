// SPDX-License-Identifier: Apache-2.0
#include "comparison/feature_course.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/pattern_selectivity.hpp"
#include "comparison/quartiles.hpp"
#include "core/rounded.hpp"
#include "readout/features.hpp"
#include "readout/labels.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::size_t k_most_samples = 10'000;

std::size_t stride_of(std::size_t samples) {
  return std::max<std::size_t>(1, (samples + k_most_samples - 1) / k_most_samples);
}

std::vector<std::uint32_t> thinned(const std::vector<std::uint32_t>& labels) {
  std::vector<std::uint32_t> some;
  for (std::size_t i = 0; i < labels.size(); i += stride_of(labels.size())) {
    some.push_back(labels[i]);
  }
  return some;
}

template <class T>
const Partition<T>& part_of(const Split<T>& data) {
  if (data.validation.size() > 0) return data.validation;
  return data.test.size() > 0 ? data.test : data.train;
}

// A class that thinning leaves out has no units.
template <class T>
std::vector<std::uint32_t> unit_labels(const Network<T>& network, std::size_t layer,
                                       const Partition<T>& train) {
  UnitLabels<T> units(network.graph().layers[layer].units, train.targets.n_rows);
  const std::vector<std::uint32_t> labels = thinned(train.labels);
  present<T>(network, layer, train.inputs, stride_of(train.size()),
             [&](std::size_t first, const arma::Mat<T>& block) {
               units.add(block, labels.data() + first);
             });
  return units.labels();
}

}  // namespace

template <class T>
void FeatureCourse<T>::add(std::size_t epoch, const std::vector<Monitored>& monitored) {
  json row = {{"epoch", epoch}, {"change", change()}};
  if (!monitored.empty()) row["monitored"] = what_rules_show(monitored);
  add_activity(row);
  rows_.push_back(std::move(row));
}

template <class T>
void FeatureCourse<T>::add_activity(json& row) const {
  const bool has_labels = !std::ranges::all_of(spec_.readouts, &ReadoutSpec::is_linear);
  if (!spec_.selectivity && !has_labels) return;
  const Partition<T>& part = part_of(data_);
  const std::size_t classes = part.targets.n_rows;
  const arma::Mat<T> activity = features_of(network_, layer_, part.inputs, stride_of(part.size()));
  const std::vector<std::uint32_t> labels = thinned(part.labels);
  if (spec_.selectivity) {
    const PatternSelectivity found = pattern_selectivity(activity, labels, classes);
    row["selectivity"] = rounded(found.mean_alpha() / static_cast<double>(found.patterns));
    row["overlap"] = rounded(found.overlap());
    row["dead"] = found.dead;
  }
  if (!has_labels) return;
  const std::vector<std::uint32_t> units = unit_labels(network_, layer_, data_.train);
  for (const ReadoutSpec& readout : spec_.readouts) {
    if (readout.is_linear()) continue;
    row[readout.name] =
        rounded(accuracy_of(vote(activity, units, classes, readout.voters()), labels));
  }
}

template <class T>
json FeatureCourse<T>::change() {
  const auto& connections = network_.graph().connections;
  const bool is_first = before_.empty();
  if (is_first) before_.resize(connections.size());
  double moved = 0, size = 0;
  for (std::size_t c = 0; c < connections.size(); ++c) {
    if (!connections[c].is_plastic) continue;
    const arma::Mat<T> now = network_.weights(c);
    if (!is_first) {
      for (arma::uword i = 0; i < now.n_elem; ++i) {
        const auto was = static_cast<double>(before_[c][i]);
        moved += std::pow(static_cast<double>(now[i]) - was, 2);
        size += was * was;
      }
    }
    before_[c] = now;
  }
  if (is_first) return {};
  return rounded(std::sqrt(moved / size));
}

// A layer's name says enough, unless two of its connections show the same.
template <class T>
json FeatureCourse<T>::what_rules_show(const std::vector<Monitored>& monitored) const {
  const Graph& graph = network_.graph();
  json all = json::object();
  for (const Monitored& shown : monitored) {
    const auto c = std::ranges::find(graph.connections, shown.connection, &Graph::Connection::name);
    std::string key = shown.name;
    if (c != graph.connections.end()) key = graph.layers[c->target].name + "/" + shown.name;
    if (all.contains(key)) key = shown.connection + "/" + shown.name;
    json five = quartiles({shown.values.begin(), shown.values.end()});
    if (!five.is_null()) all[key] = std::move(five);
  }
  return all;
}

template <class T>
void FeatureCourse<T>::save(StateWriter& writer) const {
  writer.text("course", rows_.dump());
  writer.integer("weights before", before_.size());
  for (const arma::Mat<T>& weights : before_) {
    writer.matrix("before", weights.memptr(), weights.n_rows, weights.n_cols);
  }
}

template <class T>
void FeatureCourse<T>::load(StateReader& reader) {
  rows_ = json::parse(reader.text("course"));
  const auto& connections = network_.graph().connections;
  before_.resize(reader.at_most(connections.size(), "weights before"));
  for (std::size_t c = 0; c < before_.size(); ++c) {
    if (connections[c].is_plastic) before_[c].copy_size(network_.weights(c));
    reader.matrix("before", before_[c].memptr(), before_[c].n_rows, before_[c].n_cols);
  }
}

template class FeatureCourse<float>;
template class FeatureCourse<double>;

}  // namespace deltaw
