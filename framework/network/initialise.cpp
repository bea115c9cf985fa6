// SPDX-License-Identifier: Apache-2.0
// Which connections draw what, and in which order.
#include "network/initialise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "core/random.hpp"
#include "network/draw_weight.hpp"
#include "network/sign.hpp"

namespace deltaw {
namespace {

template <class T>
void reflect_sign(arma::Mat<T>& weights, ConstraintSpec constraint) {
  constraint.by = "reflection";
  keep_sign(weights, constraint);
}

// W(k, units[k]) = 1.
template <class T>
void select(arma::Mat<T>& weights, const Graph::Connection& c) {
  const std::vector<std::size_t>& units = c.init.units;
  if (units.size() != weights.n_rows) {
    throw Error(Code::E503, fmt::format("connection '{}' selects {} units", c.name, units.size()),
                {.expected = fmt::format("{}, one for each target unit", weights.n_rows)});
  }
  weights.zeros();
  for (std::size_t k = 0; k < units.size(); ++k) {
    if (units[k] >= weights.n_cols) {
      throw Error(Code::E503, fmt::format("connection '{}' selects unit {}", c.name, units[k]),
                  {.expected = fmt::format("0 to {}", weights.n_cols - 1)});
    }
    weights(k, units[k]) = 1;
  }
}

void check_classes(const Graph::Connection& c, std::size_t sources) {
  const InitSpec& init = c.init;
  const auto refuse = [&](std::string_view problem, Detail detail) {
    throw Error(Code::E503, fmt::format("connection '{}' {}", c.name, problem), std::move(detail));
  };
  if (init.excitatory > sources) {
    refuse("has more excitatory units than sources",
           {.expected = fmt::format("at most {}", sources),
            .found = fmt::format("{}", init.excitatory)});
  }
  const std::array<std::size_t, 2> sizes = {init.excitatory, sources - init.excitatory};
  if (init.each[0] > sizes[0] || init.each[1] > sizes[1]) {
    refuse("draws more sources than there are",
           {.expected = fmt::format("at most {} excitatory and {} inhibitory", sizes[0], sizes[1]),
            .found = fmt::format("{} and {}", init.each[0], init.each[1])});
  }
  if (init.others != "zero" && init.others != "absent") {
    refuse(fmt::format("makes its other weights '{}'", init.others),
           {.hint = suggest(init.others, {"zero", "absent"})});
  }
  if (c.density < 1) {
    refuse("draws its synapses twice",
           {.hint = "leave out \"density\", or \"excitatory-inhibitory\""});
  }
}

// Row by row, first among the excitatory sources, then among the others.
template <class T>
void excite_and_inhibit(Network<T>& network, std::size_t connection, Random& random) {
  const Graph::Connection& c = network.graph().connections[connection];
  const InitSpec& init = c.init;
  arma::Mat<T> weights = network.weights(connection);
  check_classes(c, weights.n_cols);
  weights.zeros();
  arma::Mat<T> drawn(weights.n_rows, weights.n_cols, arma::fill::zeros);
  const std::array<std::size_t, 2> sizes = {init.excitatory, weights.n_cols - init.excitatory};
  for (arma::uword i = 0; i < weights.n_rows; ++i) {
    for (const std::size_t kind : {0u, 1u}) {
      const std::vector<std::size_t> order = random.permutation(sizes[kind]);
      for (std::size_t k = 0; k < init.each[kind]; ++k) {
        const std::size_t source = (kind == 0 ? 0 : init.excitatory) + order[k];
        weights(i, source) = static_cast<T>(init.values[kind]);
        drawn(i, source) = 1;
      }
    }
  }
  if (init.others == "absent") network.set_mask(connection, std::move(drawn));
}

template <class T>
void silence(arma::Mat<T>& weights, const Graph::Connection& c) {
  for (const std::size_t unit : c.init.silent) {
    if (unit >= weights.n_rows) {
      throw Error(Code::E503, fmt::format("connection '{}' silences unit {}", c.name, unit),
                  {.expected = fmt::format("0 to {}", weights.n_rows - 1)});
    }
    weights.row(unit).zeros();
  }
}

// Draws which synapses exist, and removes the others.
template <class T>
void thin_out(Network<T>& network, std::size_t connection, std::uint64_t seed) {
  const Graph::Connection& c = network.graph().connections[connection];
  arma::Mat<T> weights = network.weights(connection);
  Random random(seed, "synapses/" + c.name);
  arma::Mat<T> mask(weights.n_rows, weights.n_cols);
  for (T& exists : mask) exists = random.uniform() < c.density ? T(1) : T(0);
  weights %= mask;
  network.set_mask(connection, std::move(mask));
}

// Q of a Gaussian matrix, its signs such that all rotations are as likely (Mezzadri 2007,
// arXiv:math-ph/0609050). In double, as all draws.
template <class T>
void draw_orthogonal(arma::Mat<T>& weights, Random& random) {
  const bool is_wide = weights.n_rows < weights.n_cols;
  arma::mat drawn(is_wide ? weights.n_cols : weights.n_rows,
                  is_wide ? weights.n_rows : weights.n_cols);
  for (double& x : drawn) x = random.normal();
  arma::mat q, r;
  if (!arma::qr_econ(q, r, drawn)) throw Error(Code::E001, "no QR of a Gaussian matrix");
  q.each_row() %= arma::sign(r.diag()).t();
  if (is_wide) arma::inplace_trans(q);
  weights = arma::conv_to<arma::Mat<T>>::from(q);
}

template <class T>
void open_forget_gates(arma::Mat<T>& bias, const Graph& graph, const Graph::Connection& c) {
  const GatedShape& shape = graph.layers[c.target].gated;
  if (!c.is_bias || !shape.exists() || shape.kind != GatedShape::Kind::lstm) {
    throw Error(Code::E503, fmt::format("connection '{}' leads to no forget gates", c.name),
                {.expected = "the bias of an lstm layer", .hint = "\"zeros\" or \"constant\""});
  }
  bias.zeros();
  bias.rows(shape.units, 2 * shape.units - 1).ones();
}

// Of units one by one: there are none where weights are shared by all places of an image.
void check_shared(const Graph::Connection& c) {
  if (c.positions == 1 && c.way == Graph::Way::plain) return;
  for (const char* type : {"balance", "select", "excitatory-inhibitory"}) {
    if (c.init.type != type) continue;
    throw Error(
        Code::E503,
        fmt::format("connection '{}' shares its weights, and cannot be set by '{}'", c.name, type),
        {.hint = "\"glorot-uniform\" or \"he-normal\""});
  }
}

void check_balance(const Graph& graph, const Graph::Connection& c, bool has_samples) {
  const auto refuse = [&](const char* why, const char* hint) {
    throw Error(Code::E503, fmt::format("connection '{}' cannot be balanced: {}", c.name, why),
                {.hint = hint});
  };
  if (!has_samples) refuse("the task has no data set", "another initialiser");
  if (graph.layers[c.target].lateral.exists()) {
    refuse("its target has lateral connections", "another initialiser");
  }
  if (c.density < 1) refuse("not all of its synapses exist", "\"density\": 1");
  if (!c.init.silent.empty()) refuse("it has silent units", "\"silent\" on other connections");
}

// W_i = -(mean potential of i without this connection) / (sum of the source's mean activity).
template <class T>
void balance(Network<T>& network, std::size_t connection, Activity<T>& activity) {
  const Graph::Connection& c = network.graph().connections[connection];
  arma::Mat<T> weights = network.weights(connection);
  weights.zeros();
  network.forward(activity);
  const T drive = arma::accu(arma::mean(activity.post(c.source), 1));
  if (!(drive > 0)) {
    throw Error(Code::E503, fmt::format("connection '{}' cannot be balanced", c.name),
                {.expected = "a source that is active on the training data",
                 .found = fmt::format("mean activity {} of '{}'", drive,
                                      network.graph().layers[c.source].name),
                 .hint = "another initialiser, or a lower threshold of the source"});
  }
  const arma::Col<T> mean_potential = arma::mean(activity.potential(c.target), 1);
  weights.each_col() = -mean_potential / drive;
  reflect_sign(weights, c.constraint);
}

}  // namespace

const std::vector<std::string>& initialiser_names() {
  static const std::vector<std::string> names = {"glorot-uniform",
                                                 "glorot-normal",
                                                 "he-uniform",
                                                 "he-normal",
                                                 "normal",
                                                 "abs-normal",
                                                 "uniform",
                                                 "constant",
                                                 "zeros",
                                                 "orthogonal",
                                                 "forget-gates",
                                                 "select",
                                                 "excitatory-inhibitory",
                                                 "balance"};
  return names;
}

template <class T>
void initialise(Network<T>& network, std::uint64_t seed, const arma::Mat<T>& samples) {
  const Graph& graph = network.graph();
  bool has_balance = false;
  for (std::size_t i = 0; i < graph.connections.size(); ++i) {
    const Graph::Connection& c = graph.connections[i];
    check_shared(c);
    if (c.init.type == "balance") {
      check_balance(graph, c, samples.n_cols > 0);
      has_balance = true;
      continue;
    }
    arma::Mat<T> weights = network.weights(i);
    Random random(seed, "init/" + c.name);
    const auto fan_in = c.density * static_cast<double>(weights.n_cols);
    const std::size_t side = c.way == Graph::Way::convolution ? c.patches.side : 1;
    const auto fan_out = static_cast<double>(weights.n_rows * side * side);
    if (c.init.type == "select") {
      select(weights, c);
    } else if (c.init.type == "excitatory-inhibitory") {
      excite_and_inhibit(network, i, random);
    } else if (c.init.type == "orthogonal") {
      draw_orthogonal(weights, random);
    } else if (c.init.type == "forget-gates") {
      open_forget_gates(weights, graph, c);
    } else {
      for (T& w : weights) w = static_cast<T>(draw_weight(c.init, random, fan_in, fan_out));
    }
    silence(weights, c);
    reflect_sign(weights, c.constraint);
    if (c.density < 1) thin_out(network, i, seed);
  }
  if (!has_balance) return;
  Activity<T> activity(graph, samples.n_cols);
  activity.set_columns(samples.n_cols);
  activity.post(graph.input) = samples;
  for (const Graph::Layer& layer : graph.layers) {
    for (const std::size_t c : layer.incoming) {
      if (graph.connections[c].init.type == "balance") balance(network, c, activity);
    }
  }
}

template void initialise<float>(Network<float>&, std::uint64_t, const arma::fmat&);
template void initialise<double>(Network<double>&, std::uint64_t, const arma::mat&);

}  // namespace deltaw
