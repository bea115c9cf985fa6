// SPDX-License-Identifier: Apache-2.0
// For tests of rules of spikes: random trains, how to show them to a rule, and what ought to come
// out, synapse by synapse and with every trace summed anew over all spikes before.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deltaw/testing.hpp>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace deltaw::testing {

using Units = std::vector<std::uint32_t>;

struct SpikeTrains {
  arma::uword outputs = 0, inputs = 0;
  double dt = 1;
  std::vector<Units> pre, post;  // by step
  arma::Mat<arma::u8> delays{};  // empty: none

  [[nodiscard]] std::size_t steps() const { return pre.size(); }
};

// Poisson trains with silences that are long enough for traces to die. The delays are 0 .. longest
// steps, with a synapse missing here and there; longest < 0: none.
inline SpikeTrains random_trains(arma::uword outputs, arma::uword inputs, std::size_t steps,
                                 double probability, std::uint64_t seed, int longest = -1) {
  SpikeTrains trains{outputs, inputs, 1, {}, {}, {}};
  Draws draws(seed, 0, 0);
  for (std::size_t t = 0; t < steps; ++t) {
    trains.pre.emplace_back();
    trains.post.emplace_back();
    const bool is_silent = t % 1000 > 600;
    for (std::uint32_t j = 0; j < inputs; ++j) {
      if (draws.uniform() < probability && !is_silent) trains.pre.back().push_back(j);
    }
    for (std::uint32_t i = 0; i < outputs; ++i) {
      if (draws.uniform() < probability / 2 && (!is_silent || t % 13 == 0)) {
        trains.post.back().push_back(i);
      }
    }
  }
  if (longest < 0) return trains;
  trains.delays.set_size(outputs, inputs);
  for (arma::u8& delay : trains.delays) {
    delay = static_cast<arma::u8>(draws.uniform() * (longest + 1));
    if (draws.uniform() < 0.1) delay = 255;
  }
  return trains;
}

// A trace by its definition: the sum over all earlier events, or the last one alone. Decays with
// tau, or as `shape` says of the ms since.
struct TraceModel {
  double tau = 0;
  bool is_summed = true;
  std::function<double(double)> shape = {};

  [[nodiscard]] double at(const std::vector<double>& events, double now) const {
    double sum = 0;
    for (const double event : events) {
      const double value = shape ? shape(now - event) : std::exp(-(now - event) / tau);
      sum = is_summed ? sum + value : value;
    }
    return sum;
  }
};

struct SynapseModel {
  double pre[2], post[2], weight, lower, upper;
};

struct RuleModel {
  std::vector<TraceModel> pre, post;
  std::function<double(const SynapseModel&)> on_pre, on_post;
};

struct Weights {
  arma::mat start;
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  double scale = 1;
  bool is_in_place = true;  // else the sum of all changes comes back, with weights that stay
};

// The weights after all steps, or what was proposed.
inline arma::mat expected(const RuleModel& rule, const SpikeTrains& trains, const Weights& w) {
  arma::mat out = w.is_in_place ? w.start : arma::mat(arma::size(w.start), arma::fill::zeros);
  const auto lists = [](const std::vector<Units>& all, arma::uword unit) {
    std::vector<double> steps;
    for (std::size_t t = 0; t < all.size(); ++t) {
      for (const std::uint32_t u : all[t]) {
        if (u == unit) steps.push_back(static_cast<double>(t));
      }
    }
    return steps;
  };
  for (arma::uword j = 0; j < trains.inputs; ++j) {
    const std::vector<double> departures = lists(trains.pre, j);
    for (arma::uword i = 0; i < trains.outputs; ++i) {
      const std::vector<double> spikes = lists(trains.post, i);
      double delay = 0;
      if (!trains.delays.empty()) delay = trains.delays(i, j);
      if (delay == 255) continue;
      std::vector<double> seen_pre, seen_post;  // in ms
      const auto change = [&](const auto& f, double now) {
        SynapseModel s{{0, 0}, {0, 0}, w.is_in_place ? out(i, j) : w.start(i, j), w.lower, w.upper};
        for (std::size_t n = 0; n < rule.pre.size(); ++n) s.pre[n] = rule.pre[n].at(seen_pre, now);
        for (std::size_t n = 0; n < rule.post.size(); ++n) {
          s.post[n] = rule.post[n].at(seen_post, now);
        }
        out(i, j) += (w.is_in_place ? w.scale : 1) * f(s);
        if (w.is_in_place) out(i, j) = std::min(std::max(out(i, j), w.lower), w.upper);
      };
      std::size_t a = 0, b = 0;
      while (true) {
        const double arrival = a < departures.size() ? departures[a] + delay : INFINITY;
        const double spike = b < spikes.size() ? spikes[b] : INFINITY;
        if (std::min(arrival, spike) >= static_cast<double>(trains.steps())) break;
        const double now = std::min(arrival, spike) * trains.dt;
        if (arrival <= spike) {
          change(rule.on_pre, now);
          seen_pre.push_back(now);
          ++a;
        } else {
          change(rule.on_post, now);
          seen_post.push_back(now);
          ++b;
        }
      }
    }
  }
  return out;
}

// Shows the steps first .. last - 1 that have spikes, as the host does, and then lets the rule work
// off what is due. Changes w.start in place, or returns the sum of what was proposed.
template <template <class> class Rule, class T>
arma::Mat<T> show(Probe<Rule, T>& rule, const SpikeTrains& trains, arma::Mat<T>& weights,
                  const Weights& w, std::size_t first = 0,
                  std::size_t last = std::numeric_limits<std::size_t>::max()) {
  arma::Mat<T> sum(weights.n_rows, weights.n_cols, arma::fill::zeros);
  rule.set(deltaw::weights, weights).set_bounds(w.lower, w.upper);
  if (!trains.delays.empty()) rule.set_delays(trains.delays);
  const auto update = [&](const Units& arrivals, const Units& spikes, std::size_t step) {
    rule.set_spikes(spikes_pre, arrivals).set_spikes(spikes_post, spikes);
    rule.set_time(step, trains.dt);
    if (w.is_in_place) {
      rule.update_in_place(weights, w.scale);
    } else {
      sum += rule.update();
    }
  };
  last = std::min(last, trains.steps());
  for (std::size_t t = first; t < last; ++t) {
    if (!trains.pre[t].empty() || !trains.post[t].empty()) update(trains.pre[t], trains.post[t], t);
  }
  update({}, {}, last - 1);
  return w.is_in_place ? weights : sum;
}

// How far a rule in element type T is from the model, relative to the largest weight or change.
template <template <class> class Rule, class T>
double distance(const std::vector<Parameter>& parameters, const RuleModel& model,
                const SpikeTrains& trains, const Weights& w) {
  Probe<Rule, T> rule(parameters, trains.outputs, trains.inputs);
  auto weights = arma::conv_to<arma::Mat<T>>::from(w.start);
  const auto ours = arma::conv_to<arma::mat>::from(show(rule, trains, weights, w));
  const arma::mat theirs = expected(model, trains, w);
  return arma::abs(ours - theirs).max() / arma::abs(theirs).max();
}

// Parameters with some of them changed. Throws std::invalid_argument for a name that is not there.
inline std::vector<Parameter> changed(std::vector<Parameter> all,
                                      const std::vector<Parameter>& changes) {
  for (const Parameter& change : changes) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Parameter& p) { return p.name == change.name; });
    if (found == all.end()) throw std::invalid_argument("no parameter " + change.name);
    found->value = change.value;
  }
  return all;
}

}  // namespace deltaw::testing
