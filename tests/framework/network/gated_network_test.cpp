// SPDX-License-Identifier: Apache-2.0
// Networks with a GRU or an LSTM beside central differences, and beside their equations unit by
// unit.
#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "exact_gradient.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr std::size_t k_units = 5, k_samples = 3;
const LossSpec k_loss{.type = "cross-entropy"};

LayerSpec gated(const std::string& type, std::size_t units, const std::string& axis) {
  LayerSpec spec = layer(type, units);
  spec.type = type;
  spec.axis = axis;
  return spec;
}

LayerSpec image(std::size_t height, std::size_t width, std::size_t channels) {
  LayerSpec spec = layer("input", 0);
  spec.image = {height, width, channels};
  return spec;
}

// input - GRU or LSTM of 5 - 4 tanh - 3 softmax; with `pools`, its source is what a max-pool of 2
// leaves of the input.
NetworkSpec network(const std::string& type, const std::string& axis, const LayerSpec& input,
                    bool pools = false) {
  std::vector<LayerSpec> layers = {input};
  if (pools) {
    layers.push_back(layer("pool", 0));
    layers.back().type = "max-pool";
    layers.back().side = layers.back().stride = 2;
  }
  layers.push_back(gated(type, k_units, axis));
  layers.push_back(layer("dense", 4, "tanh"));
  layers.push_back(layer("output", 3, "softmax"));
  NetworkSpec spec = chain(layers);
  spec.connections.push_back(connection(type, type));
  return spec;
}

template <class T>
Bench<T> bench_of(const NetworkSpec& spec) {
  const std::size_t inputs = spec.layers.front().image.units();
  return Bench<T>(spec, k_loss, gaussian<T>(inputs, k_samples, "x"), one_hot<T>(3, k_samples));
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// The last state of unit i for one sample, straight from the equations: the states of all units
// after steps 1 to t, by recursion.
struct Equations {
  bool is_gru;
  arma::mat w, u, b;
  std::vector<arma::vec> x;  // by step

  // Row `part` of unit i, of what the input brings to step t, and of what the state before brings.
  [[nodiscard]] double from_input(std::size_t part, std::size_t i, std::size_t t) const {
    return arma::dot(w.row(part * k_units + i), x[t].t());
  }
  [[nodiscard]] double from_state(std::size_t part, std::size_t i, const arma::vec& h) const {
    return arma::dot(u.row(part * k_units + i), h.t());
  }
  [[nodiscard]] double bias(std::size_t part, std::size_t i) const { return b[part * k_units + i]; }

  [[nodiscard]] arma::vec last() const {
    arma::vec h(k_units, arma::fill::zeros), c = h;
    for (std::size_t t = 0; t < x.size(); ++t) {
      arma::vec next(k_units);
      for (std::size_t i = 0; i < k_units; ++i) next[i] = is_gru ? gru(t, i, h) : lstm(t, i, h, c);
      h = next;
    }
    return h;
  }
  // W: n, r, z; U: r, z, m; b: n, r, z, m.
  [[nodiscard]] double gru(std::size_t t, std::size_t i, const arma::vec& h) const {
    const double r = sigmoid(from_input(1, i, t) + from_state(0, i, h) + bias(1, i));
    const double z = sigmoid(from_input(2, i, t) + from_state(1, i, h) + bias(2, i));
    const double m = from_state(2, i, h) + bias(3, i);
    const double n = std::tanh(from_input(0, i, t) + bias(0, i) + r * m);
    return (1 - z) * n + z * h[i];
  }
  // i, f, g, o.
  [[nodiscard]] double lstm(std::size_t t, std::size_t i, const arma::vec& h, arma::vec& c) const {
    const auto drive = [&](std::size_t part) {
      return from_input(part, i, t) + from_state(part, i, h) + bias(part, i);
    };
    c[i] = sigmoid(drive(1)) * c[i] + sigmoid(drive(0)) * std::tanh(drive(2));
    return sigmoid(drive(3)) * std::tanh(c[i]);
  }
};

}  // namespace

TEST_CASE("the change of every weight is minus the gradient by central differences") {
  for (const std::string type : {"gru", "lstm"}) {
    for (const std::string axis : {"rows", "columns"}) {
      for (const bool pools : {false, true}) {
        CAPTURE(type);
        CAPTURE(axis);
        CAPTURE(pools);
        const LayerSpec input = pools ? image(8, 6, 2) : image(4, 3, 2);
        Bench<double> bench = bench_of<double>(network(type, axis, input, pools));
        RuleOnNetwork<Exact, double> exact(bench);
        CHECK(exact.driven().size() == 7);
        for (const std::size_t c : exact.driven()) {
          const std::string& name = bench.network.graph().connections[c].name;
          CAPTURE(name);
          const arma::mat change = exact.change(name);
          CHECK(arma::norm(change, "fro") > 1e-4);
          CHECK(relative_error(change, bench.descent(c, 1e-5)) < 1e-7);
        }
      }
    }
  }
}

TEST_CASE("the error reaches every pixel, however the image lies") {
  for (const std::string type : {"gru", "lstm"}) {
    for (const std::string axis : {"rows", "columns"}) {
      CAPTURE(type);
      CAPTURE(axis);
      Bench<double> bench = bench_of<double>(network(type, axis, image(4, 3, 2)));
      const std::size_t gates = 2, c = bench.find("input>" + type);
      const arma::mat weighting = gaussian<double>(k_units, k_samples, "dL/dh");
      const auto loss = [&] {
        bench.forward();
        return arma::accu(weighting % bench.activity.post(gates));
      };
      loss();
      const std::size_t rows = bench.network.graph().layers[gates].potentials();
      arma::mat of_potential(rows, k_samples);
      bench.network.layer_vjp(gates, bench.activity, weighting, nullptr, of_potential);
      arma::mat x = bench.activity.post(1), by_differences(x.n_rows, x.n_cols);
      for (arma::uword i = 0; i < x.n_elem; ++i) {
        const double old = x[i], step = 1e-5;
        x[i] = old + step;
        const double above = loss();
        x[i] = old - step;
        by_differences[i] = (above - loss()) / (2 * step);
        x[i] = old;
      }
      loss();
      const arma::mat there = gaussian<double>(x.n_rows, x.n_cols, "there");
      for (const double beta : {0.0, 0.5}) {
        arma::mat grad = there;
        bench.network.connection_vjp(c, bench.activity, of_potential, nullptr, beta, grad);
        CHECK(relative_error<double>(grad, beta * there + by_differences) < 1e-8);
      }
    }
  }
}

TEST_CASE_TEMPLATE("the last state is that of the equations, unit by unit", T, float, double) {
  for (const std::string type : {"gru", "lstm"}) {
    for (const bool is_by_column : {false, true}) {
      CAPTURE(type);
      CAPTURE(is_by_column);
      const std::size_t height = 4, width = 3;
      const Bench<T> bench =
          bench_of<T>(network(type, is_by_column ? "columns" : "rows", image(height, width, 2)));
      const auto weights = [&](const std::string& name) {
        return arma::conv_to<arma::mat>::from(bench.weights_of(name));
      };
      const arma::Mat<T> x = bench.activity.post(1), post = bench.activity.post(2);
      for (std::size_t k = 0; k < k_samples; ++k) {
        Equations equations{type == "gru",
                            weights("input>" + type),
                            weights(type + ">" + type),
                            weights(type + ".bias"),
                            {}};
        // Data lie plane by plane.
        for (std::size_t t = 0; t < (is_by_column ? width : height); ++t) {
          arma::vec& step = equations.x.emplace_back();
          for (std::size_t i = 0; i < (is_by_column ? height : width); ++i) {
            for (std::size_t c = 0; c < 2; ++c) {
              const std::size_t y = is_by_column ? i : t, column = is_by_column ? t : i;
              step.resize(step.n_elem + 1);
              step.back() = static_cast<double>(x((c * height + y) * width + column, k));
            }
          }
        }
        const arma::vec last = equations.last();
        const double most = std::is_same_v<T, float> ? 1e-6 : 1e-14;
        for (std::size_t i = 0; i < k_units; ++i) {
          CHECK(std::abs(static_cast<double>(post(i, k)) - last[i]) < most);
        }
      }
    }
  }
}

TEST_CASE("single precision has the changes of double precision") {
  for (const std::string type : {"gru", "lstm"}) {
    const NetworkSpec spec = network(type, "columns", image(16, 12, 2), true);
    Bench<double> whole = bench_of<double>(spec);
    Bench<float> half = bench_of<float>(spec);
    RuleOnNetwork<Exact, double> exact(whole);
    RuleOnNetwork<Exact, float> rounded(half);
    for (const std::size_t c : exact.driven()) {
      const std::string& name = whole.network.graph().connections[c].name;
      CAPTURE(name);
      CHECK(relative_error(arma::conv_to<arma::mat>::from(rounded.change(name)),
                           exact.change(name)) < 1e-5);
    }
  }
}

TEST_CASE("columns of an image are the rows of its transpose, and not its own rows") {
  for (const std::string type : {"gru", "lstm"}) {
    CAPTURE(type);
    const std::size_t side = 4;
    Bench<float> columns = bench_of<float>(network(type, "columns", image(side, side, 1)));
    Bench<float> rows = bench_of<float>(network(type, "rows", image(side, side, 1)));
    CHECK(arma::norm(columns.output() - rows.output()) > 0.01);
    const arma::fmat x = columns.activity.post(1);
    arma::fmat turned(x.n_rows, x.n_cols);
    for (std::size_t k = 0; k < k_samples; ++k) {
      for (std::size_t i = 0; i < side * side; ++i) {
        turned(i % side * side + i / side, k) = x(i, k);
      }
    }
    rows.show(turned, one_hot<float>(3, k_samples));
    rows.forward();
    const arma::fmat of_columns = columns.output(), of_rows = rows.output();
    CHECK(arma::all(arma::vectorise(of_columns == of_rows)));
  }
}

TEST_CASE("given weights take the error back through time in place of its own") {
  for (const std::string type : {"gru", "lstm"}) {
    CAPTURE(type);
    // Two steps: dL/dh of the first is what the second passes on past its gates, and B^T dL/dz.
    Bench<double> bench = bench_of<double>(network(type, "rows", image(2, 3, 1)));
    const std::size_t gates = 2, c = bench.find(type + ">" + type);
    const arma::mat own = bench.weights_of(type + ">" + type);
    const arma::mat other = gaussian<double>(own.n_rows, own.n_cols, "B");
    const arma::mat grad = gaussian<double>(k_units, k_samples, "dL/dh");
    const std::size_t rows = bench.network.graph().layers[gates].potentials();
    arma::mat by_own(rows, k_samples), by_same(rows, k_samples), by_other(rows, k_samples);
    arma::mat by_twice(rows, k_samples);
    const auto back = [&](const arma::mat& weights, arma::mat& out) {
      bench.network.layer_vjp(gates, bench.activity, grad, weights.memptr(), out);
    };
    bench.network.layer_vjp(gates, bench.activity, grad, nullptr, by_own);
    back(own, by_same);
    back(other, by_other);
    back(2 * other, by_twice);
    CHECK(arma::approx_equal(by_own, by_same, "absdiff", 0.0));
    const arma::uword first = rows / 2;
    CHECK(arma::approx_equal(by_own.tail_rows(first), by_other.tail_rows(first), "absdiff", 0.0));
    arma::mat none(rows, k_samples);
    back(0 * other, none);
    CHECK(relative_error<double>(by_twice - none, 2 * (by_other - none)) < 1e-12);
    // Linear in B, so that what holds of U holds of any.
    arma::mat sum(rows, k_samples);
    back(own + other, sum);
    CHECK(relative_error<double>(sum - none, (by_own - none) + (by_other - none)) < 1e-12);
    CHECK(relative_error<double>(by_own, by_other) > 0.1);
    CHECK(bench.network.graph().connections[c].is_recurrent);
  }
}

TEST_CASE("a block may be smaller than the one before, or have one sample") {
  for (const std::string type : {"gru", "lstm"}) {
    Bench<float> bench = bench_of<float>(network(type, "rows", image(4, 3, 1)));
    const arma::fmat whole = bench.output(), x = bench.activity.post(1);
    const arma::fmat last = x.tail_cols(1);
    bench.show(last, one_hot<float>(3, 1));
    bench.forward();
    CHECK(relative_error<float>(bench.output(), whole.tail_cols(1)) < 1e-6);
  }
}

TEST_CASE("weights start as in Keras: Glorot for W, orthogonal for U, open forget gates") {
  for (const std::string type : {"gru", "lstm"}) {
    NetworkSpec spec = network(type, "rows", image(40, 30, 1));
    spec.layers[1].units = 64;
    spec.connections[0].init.type = "glorot-uniform";
    spec.connections.back().init.type = "orthogonal";
    if (type == "lstm") spec.layers[1].bias_init.type = "forget-gates";
    const Network<double> own = [&] {
      Network<double> made(make_graph(spec));
      initialise(made, 1, arma::mat());
      return made;
    }();
    const auto& connections = own.graph().connections;
    for (std::size_t c = 0; c < connections.size(); ++c) {
      const arma::mat w = own.weights(c);
      const double gates = type == "gru" ? 3 : 4;
      if (connections[c].name == "input>" + type) {
        const double bound = std::sqrt(6 / (30 + gates * 64));
        CHECK(w.n_rows == gates * 64);
        CHECK(arma::abs(w).max() < bound);
        CHECK(arma::abs(w).max() > 0.99 * bound);
      } else if (connections[c].is_recurrent) {
        CHECK(arma::norm(w.t() * w - arma::eye(64, 64), "inf") < 1e-12);
        CHECK(std::abs(arma::accu(w)) < 4 * 8);  // no side is preferred: 4 standard errors
      } else if (connections[c].name == "lstm.bias") {
        CHECK(arma::accu(w) == 64);
        CHECK(arma::accu(w.rows(64, 127)) == 64);
      }
    }
  }
  NetworkSpec spec = network("gru", "rows", image(4, 3, 1));
  spec.layers[1].bias_init.type = "forget-gates";
  Network<double> other(make_graph(spec));
  CHECK_THROWS_WITH_AS(initialise(other, 1, arma::mat()), doctest::Contains("no forget gates"),
                       Error);
  spec = network("gru", "rows", image(4, 3, 1));
  spec.connections[1].init.type = "orthogonal";  // 4 x 5: rows of length 1
  Network<double> wide(make_graph(spec));
  initialise(wide, 1, arma::mat());
  for (std::size_t c = 0; c < wide.graph().connections.size(); ++c) {
    if (wide.graph().connections[c].name != "gru>dense") continue;
    const arma::mat w = wide.weights(c);
    CHECK(arma::norm(w * w.t() - arma::eye(4, 4), "inf") < 1e-12);
  }
}
