// SPDX-License-Identifier: Apache-2.0
#include "equilibrium-propagation.cpp"

#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "rule_on_network.hpp"
#include "training/driver.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// Drives all connections of a network that settles, through the host's two phases.
class Nudged {
 public:
  Nudged(NetworkSpec spec, const arma::mat& inputs, const arma::mat& targets)
      : bench(settling(std::move(spec)), {.type = "mse"}, inputs, targets),
        presentation_(bench.network, training(), inputs.n_cols, 1) {
    presentation_.set_columns(inputs.n_cols);
    presentation_.inputs() = inputs;
    presentation_.target.first(inputs.n_cols) = targets;
  }

  arma::mat change(const std::string& connection, double beta, bool is_symmetric) {
    presentation_.run();
    Driver<double> driver(drive(connection, beta, is_symmetric), bench.network, presentation_, 1);
    driver.propose(0);
    const arma::mat delta = driver.delta(0);
    return arma::mat(delta.memptr(), delta.n_rows, delta.n_cols);
  }

 private:
  static NetworkSpec settling(NetworkSpec spec) {
    spec.settling = {.free_steps = 400, .nudged_steps = 400, .step = 0.5};
    return spec;
  }
  static TrainingSpec training() {
    TrainingSpec spec;
    spec.loss.type = "mse";
    return spec;
  }
  static DriveSpec drive(const std::string& connection, double beta, bool is_symmetric) {
    DriveSpec out;
    out.plugin = deltaw_plugin_entry();
    out.rule.id = "equilibrium-propagation";
    out.rule.version = "1.0.0";
    out.rule.dynamics = {Dynamics::settling};
    out.rule.phases = {PhasesSpec::Type::nudge, "beta", "symmetric"};
    out.rule.signals = deltaw::pre | deltaw::post;
    out.rule.capabilities = DELTAW_CAP_F32 | DELTAW_CAP_F64;
    out.parameters = {parameter("beta", beta), parameter("symmetric", is_symmetric)};
    out.connections = {connection};
    return out;
  }

 public:
  Bench<double> bench;

 private:
  Presentation<double> presentation_;
};

LayerSpec hard_sigmoid(std::string name, std::size_t units) {
  LayerSpec spec = layer(std::move(name), units, "clipped-linear");
  spec.activation.maximum = 1;
  spec.activation.offset = 0;
  spec.bias_init = {.type = "constant", .value = 0.4};
  return spec;
}

// input - hidden - output, one unit each and all linear, with weights a and b.
NetworkSpec line(double a, double b) {
  NetworkSpec spec = chain({layer("input", 1), layer("hidden", 1, "linear", false),
                            layer("output", 1, "linear", false)});
  spec.connections[0].init = {.type = "constant", .value = a};
  spec.connections[1].init = {.type = "constant", .value = b};
  return spec;
}

}  // namespace

TEST_CASE_TEMPLATE("ΔW is what two phases differ by, over what lies between, worked by hand", T,
                   float, double) {
  for (const bool is_symmetric : {false, true}) {
    Probe<EquilibriumPropagation, T> rule({{"beta", 0.5}, {"symmetric", is_symmetric}}, 1, 2, 2);
    rule.set(deltaw::pre, arma::Mat<T>{{1, 3}, {2, -1}});
    rule.set(deltaw::post, arma::Mat<T>{{1, 2}});
    rule.observe();  // (1 + 6, 2 - 2) / 2 = (3.5, 0)
    rule.set(deltaw::pre, arma::Mat<T>{{1, 2}, {2, 0}});
    rule.set(deltaw::post, arma::Mat<T>{{3, 4}});  // (3 + 8, 6 + 0) / 2 = (5.5, 3)
    const arma::Mat<T> expected = is_symmetric ? arma::Mat<T>{{2, 3}} : arma::Mat<T>{{4, 6}};
    CHECK(arma::approx_equal(rule.update(), expected, "absdiff", T(1e-6)));
  }
}

TEST_CASE("in a line of three linear units both phases have a closed form") {
  // h = a x + b y and y = b h + 2 beta (d - y), so y (1 + 2 beta - b²) = a b x + 2 beta d.
  const double a = 0.8, b = 0.5, x = 1.5, d = 0.25, beta = 0.1;
  Nudged network(line(a, b), arma::mat{x}, arma::mat{d});
  const auto y = [&](double s) { return (a * b * x + 2 * s * d) / (1 + 2 * s - b * b); };
  const auto h = [&](double s) { return a * x + b * y(s); };
  const auto into_hidden = [&](double s) { return h(s) * x; };
  const auto into_output = [&](double s) { return y(s) * h(s); };
  for (const bool is_symmetric : {false, true}) {
    const double first = is_symmetric ? -beta : 0;
    const auto expected = [&](const auto& product) {
      return (product(beta) - product(first)) / (beta - first);
    };
    CHECK(network.change("input>hidden", beta, is_symmetric)[0] ==
          doctest::Approx(expected(into_hidden)).epsilon(1e-9));
    CHECK(network.change("hidden>output", beta, is_symmetric)[0] ==
          doctest::Approx(expected(into_output)).epsilon(1e-9));
  }
}

TEST_CASE("as beta goes to 0 ΔW is minus the gradient at the free state by central differences") {
  const arma::mat x = gaussian<double>(4, 5, "x"), target = one_hot<double>(3, 5);
  NetworkSpec tanh = chain({layer("input", 4), layer("a", 6, "tanh"), layer("b", 5, "sigmoid"),
                            layer("output", 3, "linear")});
  NetworkSpec hard = chain({layer("input", 4), hard_sigmoid("a", 6), hard_sigmoid("output", 3)});
  for (const NetworkSpec& spec : {tanh, hard}) {
    Nudged network(spec, x, target);
    for (const Graph::Connection& c : network.bench.network.graph().connections) {
      CAPTURE(c.name);
      const arma::mat exact = network.bench.descent(network.bench.find(c.name), 1e-5);
      CHECK(arma::norm(exact) > 1e-3);
      CHECK(relative_error(network.change(c.name, 1e-4, true), exact) < 1e-5);
      CHECK(relative_error(network.change(c.name, 1e-4, false), exact) < 1e-2);
    }
  }
}

TEST_CASE("the error is of the order of beta, nudged both ways of beta squared") {
  Nudged network(chain({layer("input", 4), layer("a", 6, "tanh"), layer("output", 3, "linear")}),
                 gaussian<double>(4, 5, "x"), one_hot<double>(3, 5));
  const arma::mat exact = network.bench.descent(network.bench.find("input>a"), 1e-5);
  const auto error = [&](double beta, bool is_symmetric) {
    return arma::norm(network.change("input>a", beta, is_symmetric) - exact);
  };
  CHECK(error(0.02, false) / error(0.01, false) == doctest::Approx(2).epsilon(0.1));
  CHECK(error(0.02, true) / error(0.01, true) == doctest::Approx(4).epsilon(0.1));
}

TEST_CASE("an update allocates nothing") {
  if (!k_counts_allocations) return;
  CHECK(count_update_allocations<EquilibriumPropagation, float>(
            {parameter("beta", 0.5), parameter("symmetric", false)}) == 0);
}
