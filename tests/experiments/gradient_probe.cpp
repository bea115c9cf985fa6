// SPDX-License-Identifier: Apache-2.0
// What single perturbations make of each rule, beside node perturbation's gradient: the experiment
// of Miconi 2017 (doi:10.7554/eLife.20899, "gradients"). A recurrent network is shown a random
// input for 100 ms; each trial is run twice, without and with one kick of the output unit at 210
// ms, so that the reward to expect is exact. Nothing learns; of each pair of trials one random
// synapse of the output unit is noted. Prints the rank correlations, and fails outside the bounds
// that experiments/dnms/README.md states. Usage: gradient_probe PLUGIN_FOLDER
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/random.hpp"
#include "core/window.hpp"
#include "network/initialise.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/library.hpp"
#include "plugin/parameters.hpp"
#include "rule/instance.hpp"

using namespace deltaw;

namespace {

constexpr std::size_t k_units = 200, k_channels = 10, k_steps = 300, k_kick = 210, k_pairs = 253;
constexpr Window k_response{200, 300};
constexpr double k_amplitude = 16;

NetworkSpec probe_network() {
  NetworkSpec spec;
  spec.layers = {
      {.name = "input", .units = k_channels},
      {.name = "recurrent",
       .units = k_units,
       .activation = {.type = "tanh"},
       .dynamics = {.type = "rate", .initial = 0, .clamped = {{1, 1}, {10, 1}, {11, -1}}},
       .bias = false}};
  const double deviation = 1.5 / std::sqrt(static_cast<double>(k_units));
  spec.connections = {
      {.from = "input", .to = "recurrent", .init = {.type = "uniform", .low = -0.2, .high = 0.2}},
      {.from = "recurrent", .to = "recurrent", .init = {.type = "normal", .deviation = deviation}}};
  return spec;
}

// The rewards of a trial whose output unit should be at `target`.
struct Rewards {
  double delayed = 0;
  arma::mat each = arma::mat(1, k_steps);  // NaN before the response
};

Rewards rewards_of(const arma::mat& post, double target) {
  Rewards out;
  out.each.fill(std::numeric_limits<double>::quiet_NaN());
  for (std::size_t t = k_response.first; t < k_response.last; ++t) {
    out.each[t] = -std::abs(post(0, t) - target);
    out.delayed += out.each[t] / static_cast<double>(k_response.size());
  }
  return out;
}

// One rule on the recurrent connection; it is shown the perturbed trials, up to `until`.
class Probe {
 public:
  Probe(Catalogue& catalogue, std::string name, const std::string& rule,
        const nlohmann::json& parameters, std::size_t until = k_steps)
      : name_(std::move(name)),
        entry_(catalogue.find(rule)),
        library_(catalogue.open(entry_)),
        parameters_(resolve_parameters(entry_.rule, parameters)),
        instance_({.plugin = &library_->table(),
                   .rule = &entry_.rule,
                   .parameters = abi_parameters(parameters_),
                   .key = name_}),
        until_(until) {
    instance_.prepare(DELTAW_F64, k_steps, {{"recurrent>recurrent", k_units, k_units}});
  }

  [[nodiscard]] const std::string& name() const { return name_; }

  // ΔW of the output unit's synapse from `source`.
  double change(const arma::mat& pre, const arma::mat& potential, const arma::mat& noise,
                const Rewards& got, const Rewards& expected, std::size_t source) {
    const bool is_each = name_ == "exploratory-hebbian";
    const auto show = [&](const arma::mat& m) { return readonly(m.memptr(), m.n_rows, until_); };
    const auto show_reward = [&](const Rewards& r) {
      return is_each ? show(r.each) : readonly(&r.delayed, 1, 1);
    };
    std::array<deltaw_matrix, DELTAW_SIGNAL_COUNT> shown{};
    shown[DELTAW_PRE] = show(pre);
    shown[DELTAW_POTENTIAL] = show(potential);
    shown[DELTAW_PERTURBATION] = show(noise);
    shown[DELTAW_REWARD] = show_reward(got);
    shown[DELTAW_BASELINE] = show_reward(expected);
    std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> signals{};
    for (std::uint32_t i = 0; i < DELTAW_SIGNAL_COUNT; ++i) {
      if (entry_.rule.declares(i)) signals[i] = &shown[i];
    }
    const deltaw_block block{sizeof block,
                             DELTAW_SIGNAL_COUNT,
                             0,
                             0,
                             until_,
                             1,
                             signals.data(),
                             0,
                             0,
                             -INFINITY,
                             INFINITY,
                             1};
    arma::mat delta(k_units, k_units, arma::fill::zeros);
    instance_.update(block, {writable(delta.memptr(), k_units, k_units)});
    return delta(0, source);
  }

 private:
  std::string name_;
  const CatalogueEntry& entry_;
  std::shared_ptr<const Library> library_;
  std::vector<ResolvedParameter> parameters_;
  RuleInstance instance_;
  std::size_t until_;
};

arma::vec ranks(const arma::vec& values) {
  const arma::uvec order = arma::sort_index(values);
  arma::vec out(values.n_elem);
  for (arma::uword i = 0; i < order.n_elem; ++i) out[order[i]] = static_cast<double>(i);
  return out;
}

struct Bound {
  const char* name;
  double low, high;
};
constexpr Bound k_bounds[] = {
    {"cube", 0.9, 1},  {"square", 0.9, 1},      {"exploratory-hebbian", 0.9, 1},
    {"10-ms", 0.9, 1}, {"linear", -0.35, 0.35}, {"sqrt", -1, -0.3}};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: gradient_probe PLUGIN_FOLDER\n");
    return 2;
  }
  SearchPlace place;
  place.path = arguments[1];
  Catalogue catalogue({place});
  const nlohmann::json on_response = {{"skip", k_response.first + 1}};
  const auto miconi = [&](double exponent) {
    nlohmann::json parameters = on_response;
    parameters["exponent"] = exponent;
    parameters["scale_by_expected"] = false;
    return parameters;
  };
  nlohmann::json kick = miconi(1);
  kick["skip"] = k_kick;
  std::vector<std::unique_ptr<Probe>> probes;
  const auto add = [&](const char* name, const char* rule, const nlohmann::json& parameters,
                       std::size_t until = k_steps) {
    probes.push_back(std::make_unique<Probe>(catalogue, name, rule, parameters, until));
  };
  add("cube", "miconi", miconi(3));
  add("square", "miconi", miconi(2));
  add("exploratory-hebbian", "exploratory-hebbian", nullptr);
  add("10-ms", "miconi", kick, k_kick + 11);
  add("linear", "miconi", miconi(1));
  add("sqrt", "miconi", miconi(0.5));

  Network<double> network(make_graph(probe_network()));
  initialise(network, 1, arma::mat());
  const Graph& graph = network.graph();
  Activity<double> clean(graph, k_steps), kicked(graph, k_steps);
  clean.set_columns(k_steps);
  kicked.set_columns(k_steps);
  const std::size_t layer = graph.output, recurrent = *graph.layers[layer].recurrent;
  Noise<double> noise(graph.layers.size());
  arma::vec gradient(k_pairs);
  arma::mat changes(k_pairs, probes.size());
  for (std::size_t pair = 0; pair < k_pairs; ++pair) {
    Random random(1, "probe", pair);
    arma::vec input(k_channels);
    for (double& x : input) x = 2 * random.uniform() - 1;
    const double target = arma::accu(input) > 0 ? 1 : -1;
    const double amount = random.uniform() < 0.5 ? k_amplitude : -k_amplitude;
    const std::size_t source = random.below(k_units);
    for (Activity<double>* activity : {&clean, &kicked}) {
      arma::mat shown = activity->post(graph.input);
      shown.zeros();
      shown.cols(0, 99).each_col() = input;
    }
    noise.in_places[layer] = {{0, k_kick, amount}};
    network.forward(clean);
    network.forward(kicked, &noise);
    arma::mat dense(k_units, k_steps, arma::fill::zeros);
    dense(0, k_kick) = amount;
    const arma::mat pre = network.pre(recurrent, kicked);
    const Rewards expected = rewards_of(clean.post(layer), target);
    const Rewards got = rewards_of(kicked.post(layer), target);
    gradient[pair] = (got.delayed - expected.delayed) * amount * pre(source, k_kick);
    for (std::size_t i = 0; i < probes.size(); ++i) {
      changes(pair, i) =
          probes[i]->change(pre, kicked.potential(layer), dense, got, expected, source);
    }
  }

  bool is_good = true;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const arma::vec column = changes.col(i);
    const double rho = arma::as_scalar(arma::cor(ranks(column), ranks(gradient)));
    double same = 0;
    for (std::size_t k = 0; k < k_pairs; ++k) same += column[k] * gradient[k] > 0 ? 1 : 0;
    const double share = same / k_pairs;
    const bool holds =
        rho >= k_bounds[i].low && rho <= k_bounds[i].high && (i != 0 || share >= 0.97);
    is_good = is_good && holds;
    fmt::print("{:20} Spearman {:6.3f} in [{}, {}]  same sign {:5.1f} %  {}\n", probes[i]->name(),
               rho, k_bounds[i].low, k_bounds[i].high, 100 * share, holds ? "holds" : "FAILS");
  }
  return is_good ? 0 : 1;
}
