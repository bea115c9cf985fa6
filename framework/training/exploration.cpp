// SPDX-License-Identifier: Apache-2.0
// Gaussian noise everywhere, or uniform noise at random times of each unit.
#include "training/exploration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

constexpr double k_ms_per_s = 1000;

void insert_sorted(std::vector<std::size_t>& list, std::size_t value) {
  const auto place = std::lower_bound(list.begin(), list.end(), value);
  if (place == list.end() || *place != value) list.insert(place, value);
}

}  // namespace

template <class T>
Exploration<T>::Exploration(Network<T>& network, const ExplorationSpec& spec,
                            std::size_t max_columns, std::uint64_t seed, std::string_view purpose)
    : network_(network),
      spec_(spec),
      max_columns_(max_columns),
      seed_(seed),
      noise_(network.graph().layers.size()),
      shown_(network.graph().layers.size()),
      on_weights_(network.graph().connections.size()),
      unperturbed_(network.graph().connections.size()) {
  const Graph& graph = network.graph();
  for (const auto& layer : graph.layers) {
    layer_purposes_.push_back(fmt::format("{}noise/{}", purpose, layer.name));
  }
  for (const auto& c : graph.connections) {
    connection_purposes_.push_back(fmt::format("{}weight-noise/{}", purpose, c.name));
  }
  if (spec.amplitude > 0 && !graph.has_time()) {
    throw Error(Code::E503, "noise with a rate needs a network with time",
                {.found = "a static network", .hint = "\"exploration\": {\"deviation\": 0.01}"});
  }
  if (spec.amplitude > 0 && spec.deviation > 0) {
    throw Error(Code::E503, "exploration has both a deviation and an amplitude",
                {.expected = "Gaussian noise at every step, or uniform noise at a rate"});
  }
  if (spec.amplitude == 0 && (spec.rate > 0 || spec.from > 0)) {
    throw Error(
        Code::E503,
        fmt::format("exploration has \"{}\", but no amplitude", spec.rate > 0 ? "rate" : "from"),
        {.hint = "\"exploration\": {\"rate\": 3, \"amplitude\": 16}"});
  }
  const double share = spec.rate * graph.dt / k_ms_per_s;
  if (spec.amplitude > 0 && !(share > 0 && share <= 1)) {
    throw Error(Code::E503, "the rate of exploration does not fit the time step",
                {.expected = fmt::format("above 0, at most {} Hz", k_ms_per_s / graph.dt),
                 .found = fmt::format("{} Hz", spec.rate)});
  }
}

template <class T>
void Exploration<T>::perturb_units(std::size_t layer) {
  insert_sorted(layers_, layer);
  Buffer<T>& dense = noise_.everywhere[layer];
  if (spec_.deviation > 0 && dense.size() == 0) {
    dense = Buffer<T>(network_.graph().layers[layer].units, max_columns_);
  }
}

template <class T>
void Exploration<T>::show_units(std::size_t layer) {
  if (spec_.deviation > 0 || shown_[layer].size() > 0) return;
  shown_[layer] = Buffer<T>(network_.graph().layers[layer].units, max_columns_);
}

template <class T>
void Exploration<T>::perturb_weights(std::size_t connection) {
  insert_sorted(connections_, connection);
  const std::size_t rows = network_.outputs(connection), columns = network_.inputs(connection);
  on_weights_[connection] = Buffer<T>(rows, columns);
  unperturbed_[connection] = Buffer<T>(rows, columns);
}

template <class T>
void Exploration<T>::draw(std::uint64_t number, std::size_t columns) {
  columns_ = columns;
  for (const std::size_t layer : layers_) {
    if (spec_.deviation > 0) {
      draw_everywhere(layer, number, columns);
    } else {
      draw_in_places(layer, number, columns);
    }
  }
  for (const std::size_t c : connections_) {
    Random random(seed_, connection_purposes_[c], number);
    for (T& value : on_weights_[c].all()) {
      value = static_cast<T>(spec_.weight_deviation * random.normal());
    }
    if (!network_.mask(c).empty()) on_weights_[c].all() %= network_.mask(c);
  }
}

// What must be added to the drive of a layer for `amount` to reach what the experiment asks for.
template <class T>
double Exploration<T>::on_drive(std::size_t layer, double amount) const {
  const bool has_time = network_.graph().layers[layer].has_time();
  return spec_.on_potential && has_time ? amount / network_.gain(layer) : amount;
}

template <class T>
void Exploration<T>::draw_everywhere(std::size_t layer, std::uint64_t number, std::size_t columns) {
  Random random(seed_, layer_purposes_[layer], number);
  const double deviation = on_drive(layer, spec_.deviation);
  for (T& value : noise_.everywhere[layer].first(columns)) {
    value = static_cast<T>(deviation * random.normal());
  }
}

// The gaps between events of a Bernoulli process are geometric: a draw an event, not one a step.
template <class T>
void Exploration<T>::draw_in_places(std::size_t layer, std::uint64_t number, std::size_t columns) {
  auto& places = noise_.in_places[layer];
  const bool is_shown = shown_[layer].size() > 0;
  if (is_shown) {
    for (const auto& place : places) shown_[layer].all()(place.unit, place.column) = 0;
  }
  places.clear();
  const std::size_t units = network_.graph().layers[layer].units;
  const double dt = network_.graph().dt;
  const double stay = std::log1p(-spec_.rate * dt / k_ms_per_s);
  const double amplitude = on_drive(layer, spec_.amplitude);
  Random random(seed_, layer_purposes_[layer], number);
  const auto end = static_cast<double>(units * columns);
  const double first = static_cast<double>(units) * std::ceil(spec_.from / dt);
  const auto gap = [&] { return std::floor(std::log(random.uniform()) / stay); };
  for (double at = first + gap(); at < end; at += 1 + gap()) {
    const auto index = static_cast<std::size_t>(at);
    const T value = static_cast<T>(amplitude * (2 * random.uniform() - 1));
    places.push_back({index % units, index / units, value});
    if (is_shown) shown_[layer].all()(index % units, index / units) = value;
  }
}

template <class T>
arma::Mat<T> Exploration<T>::on_units(std::size_t layer) const {
  return (spec_.deviation > 0 ? noise_.everywhere[layer] : shown_[layer]).first(columns_);
}

template <class T>
void Exploration<T>::shift_weights() {
  for (const std::size_t c : connections_) {
    arma::Mat<T> weights = network_.weights(c), kept = unperturbed_[c].all();
    kept = weights;
    weights += on_weights_[c].all();
  }
}

template <class T>
void Exploration<T>::restore_weights() {
  for (const std::size_t c : connections_) {
    arma::Mat<T> weights = network_.weights(c);
    weights = unperturbed_[c].all();
  }
}

template class Exploration<float>;
template class Exploration<double>;

}  // namespace deltaw
