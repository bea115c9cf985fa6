// SPDX-License-Identifier: Apache-2.0
// Spike counts beside max(0, W x) / (threshold - reset), the claim that rates are what rectified
// linear units compute.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "comparison/line_fit.hpp"
#include "comparison/protocol.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "core/rounded.hpp"
#include "spiking/sources.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// What rectified linear units would answer, from layer to layer.
template <class T>
class IdealCounts {
 public:
  IdealCounts(const Application& application, const SpikingNetwork<T>& network)
      : spec_(application.network), show_(application.protocol.show), network_(network) {
    for (std::size_t c = 0; c < network.connections().size(); ++c) {
      check(network.connections()[c]);
      weights_.push_back(arma::conv_to<arma::mat>::from(network.weight_matrix(c)));
    }
  }

  // Of the last layer while these values are shown.
  [[nodiscard]] arma::vec of(const arma::vec& values) const {
    std::vector<arma::vec> counts;
    for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
      const SpikingLayerSpec& layer = spec_.layers[i];
      if (layer.is_source) {
        const bool is_input = i == network_.input();
        counts.push_back(
            of_source(layer.source, is_input ? values : arma::vec(layer.units, arma::fill::ones)));
      } else {
        counts.push_back(of_layer(i, counts));
      }
    }
    return counts.back();
  }

 private:
  void check(const SpikingGraph::Connection& connection) const {
    const SpikingLayerSpec& target = spec_.layers[connection.target];
    const SpikingLayerSpec& source = spec_.layers[connection.source];
    const auto refuse = [&](const std::string& problem, const char* hint) {
      throw Error(Code::E503, "rectification: " + problem, {.hint = hint});
    };
    if (connection.source >= connection.target) {
      refuse(fmt::format("connection '{}' leads back", connection.name),
             "layers in the order in which spikes pass through them");
    }
    if (target.leaky.model != "current") {
      refuse(fmt::format("layer '{}' does not sum its inputs", target.name),
             "\"model\": \"current\"");
    }
    if (source.is_source && (source.source.type == "spikes" || source.source.type == "protocol")) {
      refuse(fmt::format("layer '{}' shows no values", source.name),
             "a source \"current\", \"regular\" or \"poisson\"");
    }
  }

  // Spikes; of a current mV, which act for all of the time.
  [[nodiscard]] arma::vec of_source(const SourceSpec& source, const arma::vec& values) const {
    if (source.type == "current") return source.amplitude * values;
    if (source.type == "latency") return arma::conv_to<arma::vec>::from(values > 0);
    return source.rate * show_ / 1000 * values;
  }

  [[nodiscard]] arma::vec of_layer(std::size_t layer, const std::vector<arma::vec>& counts) const {
    const LeakySpec& leaky = spec_.layers[layer].leaky;
    arma::vec sum(spec_.layers[layer].units, arma::fill::value(leaky.current * show_ / leaky.tau));
    for (std::size_t c = 0; c < weights_.size(); ++c) {
      const SpikingGraph::Connection& info = network_.connections()[c];
      if (info.target != layer) continue;
      const double tau = info.is_excitatory ? leaky.excitatory_tau : leaky.inhibitory_tau;
      double each = tau == 0 ? 1 : tau / leaky.tau;  // mV that a spike moves v by, without leak
      if (network_.layers()[info.source].is_current) each = show_ / leaky.tau;
      sum += (info.is_excitatory ? each : -each) * weights_[c] * counts[info.source];
    }
    const double step = leaky.threshold + leaky.theta - leaky.theta_offset - leaky.reset;
    return arma::clamp(sum / step, 0, arma::datum::inf);
  }

  const SpikingSpec& spec_;
  double show_;
  const SpikingNetwork<T>& network_;
  std::vector<arma::mat> weights_;
};

struct Points {
  std::vector<double> ideal, count;
};

// In the order of the ideal count.
Points sorted(const Points& points) {
  std::vector<std::size_t> order(points.ideal.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return points.ideal[k]; });
  Points all;
  for (const std::size_t k : order) {
    all.ideal.push_back(points.ideal[k]);
    all.count.push_back(points.count[k]);
  }
  return all;
}

// The widest range of ideal counts in which all points are right. REQUIRES: sorted points.
Points widest_valid(const Points& all, const std::vector<bool>& is_right) {
  std::size_t best_from = 0, best_to = 0;
  double widest = -1;
  for (std::size_t from = 0; from < is_right.size();) {
    std::size_t to = from;
    while (to < is_right.size() && is_right[to]) ++to;
    if (to > from && all.ideal[to - 1] - all.ideal[from] > widest) {
      widest = all.ideal[to - 1] - all.ideal[from];
      best_from = from;
      best_to = to;
    }
    from = to + 1;
  }
  const auto part = [&](const std::vector<double>& list) {
    return std::vector<double>(list.begin() + static_cast<std::ptrdiff_t>(best_from),
                               list.begin() + static_cast<std::ptrdiff_t>(best_to));
  };
  return {part(all.ideal), part(all.count)};
}

void enter_fit(const Points& points, const std::string& prefix,
               std::map<std::string, std::optional<double>>& metrics) {
  Points above;  // of a rectifier the straight part
  for (std::size_t k = 0; k < points.ideal.size(); ++k) {
    if (points.ideal[k] <= 0) continue;
    above.ideal.push_back(points.ideal[k]);
    above.count.push_back(points.count[k]);
  }
  const auto line = fit_line(above.ideal, above.count);
  metrics[prefix + "slope"] = line ? std::optional(line->slope) : std::nullopt;
  metrics[prefix + "intercept"] = line ? std::optional(line->intercept) : std::nullopt;
  metrics[prefix + "r_squared"] = line ? std::optional(line->r_squared) : std::nullopt;
}

Measurement judged(const Points& points, const ProtocolSpec& protocol) {
  const Points all = sorted(points);
  std::vector<bool> is_right;
  for (std::size_t k = 0; k < all.ideal.size(); ++k) {
    is_right.push_back(std::abs(all.count[k] - all.ideal[k]) <=
                       std::max(1.0, protocol.tolerance * all.ideal[k]));
  }
  Measurement found;
  const Points valid = widest_valid(all, is_right);
  enter_fit(all, "", found.metrics);
  enter_fit(valid, "valid_", found.metrics);
  const auto right = static_cast<double>(std::ranges::count(is_right, true));
  found.metrics["right"] = right / static_cast<double>(is_right.size());
  const bool has_any = !valid.ideal.empty();
  found.metrics["valid_from"] = has_any ? std::optional(valid.ideal.front()) : std::nullopt;
  found.metrics["valid_to"] = has_any ? std::optional(valid.ideal.back()) : std::nullopt;
  json ideal = json::array();
  for (const double count : all.ideal) ideal.push_back(rounded(count));
  found.document = {{"show", protocol.show},
                    {"tolerance", protocol.tolerance},
                    {"points", {{"ideal", std::move(ideal)}, {"count", all.count}}}};
  return found;
}

}  // namespace

template <class T>
std::optional<Measurement> measure_rectification(const Application& application) {
  const SpikingNetwork<T> drawn(application.network, application.seed);
  const IdealCounts<T> ideal(application, drawn);
  Sources<T> sources(application.network);
  const std::size_t last = drawn.layers().size() - 1, samples = application.protocol.samples;
  Points points;
  for (std::size_t k = 0; k < samples; ++k) {
    if (application.stop.stop_requested()) return std::nullopt;
    Random random(application.seed, "protocol/values", k);
    arma::vec values(drawn.layers()[drawn.input()].units);
    for (double& value : values) value = random.uniform();
    const auto shown = arma::conv_to<arma::Col<T>>::from(values);
    SpikingNetwork<T> network = drawn;
    sources.encode({shown.memptr(), shown.n_elem}, 1, application.protocol.show, application.seed,
                   "protocol", k);
    std::vector<double> counts(drawn.layers()[last].units);
    for (std::size_t t = 0; t < sources.steps(); ++t) {
      sources.step(network, t);
      for (const std::uint32_t unit : network.spikes(last)) ++counts[unit];
    }
    points.count.insert(points.count.end(), counts.begin(), counts.end());
    const arma::vec wanted = ideal.of(values);
    points.ideal.insert(points.ideal.end(), wanted.begin(), wanted.end());
    application.on_done(k + 1, samples);
  }
  return judged(points, application.protocol);
}

template std::optional<Measurement> measure_rectification<float>(const Application&);
template std::optional<Measurement> measure_rectification<double>(const Application&);

}  // namespace deltaw
