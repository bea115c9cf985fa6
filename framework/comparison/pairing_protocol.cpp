// SPDX-License-Identifier: Apache-2.0
// Pairs of spikes at fixed lags: a source makes the target spike through its synapses, when the
// protocol says.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "comparison/line_fit.hpp"
#include "comparison/protocol.hpp"
#include "core/error.hpp"
#include "training/spiking_driver.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr long k_longest_latency = 1000;  // steps in which the teacher's spike must have its effect
constexpr double k_least_change = 1e-6;   // of the largest: below it a change is none

struct Places {
  std::size_t teacher, connection, target;
  long delay;  // steps
};

std::vector<std::uint32_t> all_units(std::size_t count) {
  std::vector<std::uint32_t> units(count);
  std::iota(units.begin(), units.end(), 0U);
  return units;
}

template <class T>
class Pairing {
 public:
  Pairing(const Application& application, const std::vector<DriveSpec>& drives)
      : application_(application),
        drives_(drives),
        network_(application.network, application.seed),
        places_(find_places()),
        arriving_(all_units(network_.layers()[network_.input()].units)),
        teaching_(all_units(network_.layers()[places_.teacher].units)),
        latency_(find_latency()) {
    check_lags();
  }

  // Of the plastic connection.
  [[nodiscard]] const DriveSpec& drive() const {
    const std::string& name = network_.connections()[places_.connection].name;
    return *std::ranges::find_if(drives_, [&](const DriveSpec& drive) {
      return std::ranges::find(drive.connections, name) != drive.connections.end();
    });
  }

  // In whole steps.
  [[nodiscard]] double lag_at(std::size_t k) const {
    return application_.network.dt *
           static_cast<double>(steps_of(application_.protocol.lags.at(k)));
  }

  // The weights' mean change after all pairs.
  [[nodiscard]] double change_at(double lag) const {
    SpikingNetwork<T> network = network_;
    SpikingDriver<T> driver(drive(), network.connections()[places_.connection].name, network,
                            application_.seed);
    driver.set_epoch(0, 1);
    const double before = mean_weight(network);
    const long steps = steps_of(lag);
    const long arrival = std::max({places_.delay, latency_ - steps, 0L}), spike = arrival + steps;
    for (std::size_t pair = 0; pair < application_.protocol.pairs; ++pair) {
      for (long t = 0; t < period(); ++t) {
        step(network, t == arrival - places_.delay, t == spike - latency_);
        driver.learn();
        const bool has_spiked = !network.spikes(places_.target).empty();
        if (has_spiked != (t == spike)) refuse_spikes(lag, has_spiked);
      }
    }
    driver.settle();
    return mean_weight(network) - before;
  }

 private:
  [[nodiscard]] Places find_places() const {
    std::vector<std::size_t> sources;
    for (std::size_t i = 0; i < application_.network.layers.size(); ++i) {
      const SpikingLayerSpec& layer = application_.network.layers[i];
      if (layer.is_source && layer.source.type == "protocol") sources.push_back(i);
    }
    if (sources.size() != 2 || sources[0] != network_.input()) {
      throw Error(Code::E503, "the network does not fit a pairing",
                  {.expected = "two sources \"protocol\": the first source, and one that makes the "
                               "target spike",
                   .found = fmt::format("{} sources \"protocol\"", sources.size())});
    }
    const auto& all = network_.connections();
    const auto found = std::ranges::find_if(
        all, [&](const auto& c) { return c.source == sources[0] && c.is_plastic; });
    if (found == all.end() || found->has_own_delays) {
      throw Error(Code::E503,
                  fmt::format("a pairing needs a plastic connection from '{}'{}",
                              network_.layers()[sources[0]].name,
                              found == all.end() ? "" : " with one delay for all synapses"));
    }
    return {sources[1], static_cast<std::size_t>(found - all.begin()), found->target,
            static_cast<long>(found->longest_delay)};
  }

  // Steps from the teacher's spike to the target's.
  [[nodiscard]] long find_latency() const {
    SpikingNetwork<T> network = network_;
    for (long t = 0; t < k_longest_latency; ++t) {
      step(network, false, t == 0);
      if (!network.spikes(places_.target).empty()) return t;
    }
    throw Error(
        Code::E503,
        fmt::format("a spike of '{}' does not make '{}' spike",
                    network.layers()[places_.teacher].name, network.layers()[places_.target].name),
        {.hint = "stronger weights between them"});
  }

  void check_lags() const {
    const SweepSpec& lags = application_.protocol.lags;
    const double longest = std::max(std::abs(lags.from), std::abs(lags.to));
    const double needed =
        longest + application_.network.dt * static_cast<double>(places_.delay + latency_ + 1);
    if (needed <= application_.protocol.interval) return;
    throw Error(Code::E503, "pairs would overlap",
                {.expected = fmt::format("an \"interval\" of at least {} ms", needed),
                 .found = fmt::format("{} ms", application_.protocol.interval)});
  }

  [[noreturn]] void refuse_spikes(double lag, bool has_spiked) const {
    throw Error(
        Code::E503,
        fmt::format("layer '{}' {} at a lag of {} ms", network_.layers()[places_.target].name,
                    has_spiked ? "spikes when nothing should make it" : "misses a spike", lag),
        {.expected = "one spike a pair",
         .hint = "weaker plastic weights, a stronger source of the other spikes, a shorter "
                 "refractory period, or a longer \"interval\""});
  }

  [[nodiscard]] long steps_of(double ms) const { return std::lround(ms / application_.network.dt); }
  [[nodiscard]] long period() const { return steps_of(application_.protocol.interval); }
  [[nodiscard]] double mean_weight(const SpikingNetwork<T>& network) const {
    return arma::mean(
        arma::vectorise(arma::conv_to<arma::mat>::from(network.weights(places_.connection))));
  }
  void step(SpikingNetwork<T>& network, bool departs, bool teaches) const {
    if (teaches) network.feed(places_.teacher, teaching_);
    network.step(departs ? std::span<const std::uint32_t>(arriving_)
                         : std::span<const std::uint32_t>());
  }

  const Application& application_;
  const std::vector<DriveSpec>& drives_;
  SpikingNetwork<T> network_;  // as it is drawn
  Places places_;
  std::vector<std::uint32_t> arriving_, teaching_;  // all units of either source
  long latency_;
};

// One side of the window: |change| a pair over |lag|, all of one sign.
struct Side {
  std::vector<double> lag, log_change;
  double sign = 0;
};

Side side_of(const json& points, bool is_positive, std::size_t pairs) {
  Side side;
  double sum = 0, most = 0;
  const auto is_on_it = [&](const json& point) {
    const double lag = point.at("lag");
    return is_positive ? lag > 0 : lag < 0;
  };
  for (const json& point : points) {
    const double change = point.at("change");
    most = std::max(most, std::abs(change));
    if (is_on_it(point)) sum += change;
  }
  side.sign = sum < 0 ? -1 : 1;
  for (const json& point : points) {
    const double change = side.sign * point.at("change").get<double>();
    if (!is_on_it(point) || change <= k_least_change * most) continue;
    side.lag.push_back(std::abs(point.at("lag").get<double>()));
    side.log_change.push_back(std::log(change / static_cast<double>(pairs)));
  }
  return side;
}

// The rule's own parameter of that name, if it has one.
std::optional<double> parameter(const DriveSpec& drive, const std::string& name) {
  for (const deltaw_param& parameter : drive.parameters) {
    if (parameter.kind == DELTAW_PARAM_F64 && parameter.name == name) return parameter.value.f64;
  }
  return std::nullopt;
}

// Enters amplitude and time constant of one side, `expected` those of the rule.
void fit_side(const json& points, bool is_positive, std::size_t pairs, const DriveSpec& drive,
              Measurement& found) {
  const Side side = side_of(points, is_positive, pairs);
  const auto line = fit_line(side.lag, side.log_change);
  const std::string end = is_positive ? "_plus" : "_minus";
  const double sign = is_positive ? side.sign : -side.sign;
  auto& metrics = found.metrics;
  const auto enter = [&](const std::string& name, std::optional<double> value) {
    metrics[name] = value;
    const auto own = parameter(drive, name);
    if (!own || *own == 0) return;
    found.document["parameters"][name] = *own;
    metrics[name + "_error"] = value ? std::optional(*value / *own - 1) : std::nullopt;
  };
  enter("a" + end, line ? std::optional(sign * std::exp(line->intercept)) : std::nullopt);
  enter("tau" + end, line ? std::optional(-1 / line->slope) : std::nullopt);
  metrics["r_squared" + end] = line ? std::optional(line->r_squared) : std::nullopt;
}

}  // namespace

template <class T>
std::optional<Measurement> measure_pairing(const Application& application,
                                           const std::vector<DriveSpec>& drives) {
  const Pairing<T> pairing(application, drives);
  const ProtocolSpec& protocol = application.protocol;
  json points = json::array();
  for (std::size_t k = 0; k < protocol.lags.size(); ++k) {
    if (application.stop.stop_requested()) return std::nullopt;
    const double lag = pairing.lag_at(k);
    points.push_back({{"lag", lag}, {"change", pairing.change_at(lag)}});
    application.on_done(k + 1, protocol.lags.size());
  }
  Measurement found;
  found.document = {{"pairs", protocol.pairs}};
  for (const bool is_positive : {true, false}) {
    fit_side(points, is_positive, protocol.pairs, pairing.drive(), found);
  }
  found.document["points"] = std::move(points);
  return found;
}

template std::optional<Measurement> measure_pairing<float>(const Application&,
                                                           const std::vector<DriveSpec>&);
template std::optional<Measurement> measure_pairing<double>(const Application&,
                                                            const std::vector<DriveSpec>&);

}  // namespace deltaw
