// SPDX-License-Identifier: Apache-2.0
// Intervals between spikes under constant currents, beside their closed form.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "comparison/protocol.hpp"
#include "core/error.hpp"
#include "core/rounded.hpp"
#include "spiking/sources.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

template <class T>
class CurrentSweep {
 public:
  explicit CurrentSweep(const Application& application)
      : application_(application),
        leaky_(application.network.layers.back().leaky),
        network_(application.network, application.seed),
        layer_(application.network.layers.size() - 1) {
    const SpikingLayerSpec& input = application.network.layers[network_.input()];
    if (input.source.type == "current") return;
    throw Error(Code::E503, "a sweep of currents needs a source of currents",
                {.expected = fmt::format("\"source\": \"current\" in layer '{}'", input.name),
                 .found = fmt::format("'{}'", input.source.type)});
  }

  // Shows one value and enters a point for each unit.
  void show(std::size_t k, json& points) {
    SpikingNetwork<T> network = network_;
    Sources<T> sources(application_.network);
    const double value = application_.protocol.values.at(k);
    const std::vector<T> values(network.layers()[network.input()].units, static_cast<T>(value));
    sources.encode(values, 1, application_.protocol.show, application_.seed, "protocol", k);
    std::vector<std::vector<double>> times(network.layers()[layer_].units);
    for (std::size_t t = 0; t < sources.steps(); ++t) {
      sources.step(network, t);
      for (const std::uint32_t unit : network.spikes(layer_)) {
        times[unit].push_back(application_.network.dt * static_cast<double>(t));
      }
    }
    const std::vector<double> currents = currents_at(value);
    for (std::size_t unit = 0; unit < times.size(); ++unit) {
      points.push_back(point(unit, currents[unit], times[unit]));
    }
  }

  [[nodiscard]] std::map<std::string, std::optional<double>> metrics() const {
    std::map<std::string, std::optional<double>> found;
    found["threshold_current"] = least_;
    if (!has_closed_form()) return found;
    found["worst_interval"] = worst_interval_;
    found["worst_rate"] = worst_rate_;
    return found;
  }

 private:
  // mV into each unit of the last layer, the layer's own among them.
  [[nodiscard]] std::vector<double> currents_at(double value) const {
    arma::vec total(network_.layers()[layer_].units, arma::fill::value(leaky_.current));
    for (std::size_t c = 0; c < network_.connections().size(); ++c) {
      const auto& info = network_.connections()[c];
      if (info.target != layer_ || !network_.layers()[info.source].is_current) continue;
      const double shown = info.source == network_.input() ? value : 1;
      const double amplitude = application_.network.layers[info.source].source.amplitude;
      const auto weights = arma::conv_to<arma::mat>::from(network_.weight_matrix(c));
      total += (info.is_excitatory ? shown : -shown) * amplitude * arma::sum(weights, 1);
    }
    return {total.begin(), total.end()};
  }

  [[nodiscard]] bool has_closed_form() const {
    if (leaky_.theta != 0 || leaky_.theta_increment != 0) return false;
    return std::ranges::all_of(network_.connections(), [&](const auto& info) {
      return info.target != layer_ || network_.layers()[info.source].is_current;
    });
  }

  // From spike to spike; empty below the threshold.
  [[nodiscard]] std::optional<double> expected(double current) const {
    const double aim = leaky_.rest + current, threshold = leaky_.threshold - leaky_.theta_offset;
    if (!has_closed_form() || aim <= threshold) return std::nullopt;
    return leaky_.refractory + leaky_.tau * std::log((aim - leaky_.reset) / (aim - threshold));
  }

  [[nodiscard]] json point(std::size_t unit, double current, const std::vector<double>& times) {
    if (!times.empty()) least_ = std::min(least_.value_or(current), current);
    const std::optional<double> closed = expected(current);
    std::optional<double> interval, worst;
    if (times.size() > 1) {
      interval = (times.back() - times.front()) / static_cast<double>(times.size() - 1);
    }
    for (std::size_t k = 1; closed && k < times.size(); ++k) {
      worst = std::max(worst.value_or(0), std::abs(times[k] - times[k - 1] - *closed));
    }
    if (worst) {
      worst_interval_ = std::max(worst_interval_.value_or(0), *worst / application_.network.dt);
      worst_rate_ = std::max(worst_rate_.value_or(0), std::abs(*closed / *interval - 1));
    }
    return {{"current", rounded(current)},
            {"unit", unit},
            {"interval", rounded(interval, 7)},
            {"rate", interval ? rounded(1000 / *interval) : json(0)},
            {"expected", rounded(closed, 7)},
            {"worst", rounded(worst)}};
  }

  const Application& application_;
  const LeakySpec& leaky_;
  SpikingNetwork<T> network_;  // as it is drawn
  std::size_t layer_;
  std::optional<double> least_, worst_interval_, worst_rate_;
};

}  // namespace

template <class T>
std::optional<Measurement> measure_current_sweep(const Application& application) {
  CurrentSweep<T> sweep(application);
  json points = json::array();
  const std::size_t count = application.protocol.values.size();
  for (std::size_t k = 0; k < count; ++k) {
    if (application.stop.stop_requested()) return std::nullopt;
    sweep.show(k, points);
    application.on_done(k + 1, count);
  }
  return Measurement{{{"dt", application.network.dt}, {"points", std::move(points)}},
                     sweep.metrics()};
}

template std::optional<Measurement> measure_current_sweep<float>(const Application&);
template std::optional<Measurement> measure_current_sweep<double>(const Application&);

}  // namespace deltaw
