// SPDX-License-Identifier: Apache-2.0
#include "interneuron-backprop.cpp"

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "count_allocations.hpp"
#include "exact_gradient.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

const LossSpec k_mse{.type = "mse", .reduction = "samples"};
constexpr double k_infinity = std::numeric_limits<double>::infinity();

struct Options {
  std::string name = "interneuron";
  double ordinary = 1, excitatory = 1, inhibitory = 1, slope = 0, threshold = 0;
  bool correction = false;
};
std::vector<deltaw_param> parameters(const Options& o) {
  return {parameter("interneuron", o.name.c_str()),   parameter("rate_ordinary", o.ordinary),
          parameter("rate_excitatory", o.excitatory), parameter("rate_inhibitory", o.inhibitory),
          parameter("surrogate_slope", o.slope),      parameter("threshold", o.threshold),
          parameter("correction", o.correction)};
}

ConnectionSpec signed_connection(const std::string& from, const std::string& to,
                                 const std::string& by) {
  ConnectionSpec c = connection(from, to);
  c.init.type = "abs-normal";
  c.constraint.sign = from == "interneuron" ? "nonpositive" : "nonnegative";
  c.constraint.by = by;
  return c;
}

// 6 - 5 - 4 - 3, all weights non-negative.
NetworkSpec nonnegative(const std::string& by = "reflection") {
  NetworkSpec spec;
  spec.layers = {layer("input", 6), layer("hidden1", 5, "relu"), layer("hidden2", 4, "relu"),
                 layer("output", 3, "softmax")};
  spec.connections = {signed_connection("input", "hidden1", by),
                      signed_connection("hidden1", "hidden2", by),
                      signed_connection("hidden2", "output", by)};
  return spec;
}

// The same with an interneuron that the input excites and that inhibits all other layers.
NetworkSpec with_interneuron(const ActivationSpec& activation,
                             const std::string& by = "reflection") {
  NetworkSpec spec = nonnegative(by);
  spec.layers.insert(spec.layers.begin() + 1, layer("interneuron", 1, "relu", false));
  spec.layers[1].activation = activation;
  spec.connections.push_back(signed_connection("input", "interneuron", by));
  for (const char* to : {"hidden1", "hidden2", "output"}) {
    spec.connections.push_back(signed_connection("interneuron", to, by));
  }
  return spec;
}
const ActivationSpec k_continuous{"relu", 0, "drive"};
ActivationSpec threshold(double theta) { return {"threshold", theta, "drive"}; }

arma::mat inputs(arma::uword columns = 12) {
  return arma::abs(gaussian<double>(6, columns, "inputs"));
}
arma::mat targets(arma::uword columns = 12) { return one_hot<double>(3, columns); }

bool same_bits(const arma::mat& a, const arma::mat& b) {
  return arma::approx_equal(a, b, "absdiff", 0.0);
}

}  // namespace

TEST_CASE("ΔW is minus the gradient by central differences, for every kind of parameter") {
  Bench<double> probe(with_interneuron(k_continuous), k_mse, inputs(), targets());
  const arma::vec drive = arma::sort(arma::vectorise(probe.activity.potential(2)));
  const double median = (drive[5] + drive[6]) / 2;
  for (const ActivationSpec& activation : {k_continuous, threshold(median)}) {
    CAPTURE(activation.type);
    Bench<double> bench(with_interneuron(activation), k_mse, inputs(), targets());
    RuleOnNetwork<InterneuronBackprop, double> rule(bench, parameters({}));
    const std::vector<arma::mat> changes = rule.propose();
    REQUIRE(changes.size() == 10);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      CAPTURE(bench.network.graph().connections[rule.driven()[i]].name);
      CHECK(arma::norm(changes[i], "fro") > 1e-6);
      CHECK(relative_error(changes[i], bench.descent(rule.driven()[i], 1e-6)) < 1e-6);
    }
  }
}

TEST_CASE("three rates and the correction multiply the change of each kind of connection") {
  Bench<double> bench(with_interneuron(k_continuous), k_mse, inputs(), targets());
  RuleOnNetwork<InterneuronBackprop, double> plain(bench, parameters({}));
  Options options{.ordinary = 2, .excitatory = 3, .inhibitory = 5};
  const auto ratios = [&] {
    RuleOnNetwork<InterneuronBackprop, double> rule(bench, parameters(options));
    std::vector<double> out;
    for (const char* name : {"input>hidden1", "hidden2.bias", "input>interneuron",
                             "interneuron>hidden1", "interneuron>output"}) {
      const arma::mat a = rule.change(name), b = plain.change(name);
      CHECK(cosine<double>(a, b) == doctest::Approx(1));
      out.push_back(arma::norm(a) / arma::norm(b));
    }
    return out;
  };
  const auto are = [](const std::vector<double>& found, const std::vector<double>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-12));
    }
  };
  are(ratios(), {2, 2, 3, 5, 5});
  options.correction = true;  // 5 + 4 + 3 inhibited units, 6 inputs
  are(ratios(), {2, 2, 3 / std::sqrt(12.0), 5 / 6.0, 5 / 6.0});
}

TEST_CASE("the continuous net is an MLP with W1 = W+ - u1 vᵀ and skip connections -u vᵀ") {
  Bench<double> bench(with_interneuron(k_continuous), k_mse, inputs(), targets());
  NetworkSpec spec = nonnegative();
  spec.connections.push_back(connection("input", "hidden2"));
  spec.connections.push_back(connection("input", "output"));
  Bench<double> mlp(spec, k_mse, inputs(), targets());
  const auto distance = [&] {
    const arma::mat v = bench.weights_of("input>interneuron");
    mlp.weights_of("input>hidden1") =
        bench.weights_of("input>hidden1") + bench.weights_of("interneuron>hidden1") * v;
    mlp.weights_of("input>hidden2") = bench.weights_of("interneuron>hidden2") * v;
    mlp.weights_of("input>output") = bench.weights_of("interneuron>output") * v;
    for (const char* name :
         {"hidden1>hidden2", "hidden2>output", "hidden1.bias", "hidden2.bias", "output.bias"}) {
      mlp.weights_of(name) = bench.weights_of(name);
    }
    bench.forward();
    mlp.forward();
    return arma::abs(bench.output() - mlp.output()).max();
  };
  CHECK(distance() < 1e-12);
  bench.weights_of("input>interneuron")[2] = -5;  // now the interneuron is silent at times
  CHECK(distance() > 1e-3);
}

TEST_CASE("a threshold of minus infinity is the continuous version, bit for bit") {
  Bench<double> a(with_interneuron(k_continuous), k_mse, inputs(), targets());
  Bench<double> b(with_interneuron(threshold(-k_infinity)), k_mse, inputs(), targets());
  RuleOnNetwork<InterneuronBackprop, double> rule_a(a, parameters({})), rule_b(b, parameters({}));
  for (int i = 0; i < 50; ++i) {
    rule_a.step(0.1);
    rule_b.step(0.1);
  }
  for (std::size_t c = 0; c < a.network.graph().connections.size(); ++c) {
    CHECK(same_bits(a.network.weights(c), b.network.weights(c)));
  }
}

TEST_CASE("a threshold of plus infinity is the non-negative MLP, bit for bit") {
  Bench<double> a(with_interneuron(threshold(k_infinity)), k_mse, inputs(), targets());
  Bench<double> b(nonnegative(), k_mse, inputs(), targets());
  Bench<double> continuous(with_interneuron(k_continuous), k_mse, inputs(), targets());
  RuleOnNetwork<InterneuronBackprop, double> rule_a(a, parameters({})),
      rule_continuous(continuous, parameters({}));
  RuleOnNetwork<Exact, double> rule_b(b);
  for (int i = 0; i < 50; ++i) {
    rule_a.step(0.1);
    rule_b.step(0.1);
    rule_continuous.step(0.1);
  }
  for (const Graph::Connection& c : b.network.graph().connections) {
    CAPTURE(c.name);
    CHECK(same_bits(a.weights_of(c.name), b.weights_of(c.name)));
    CHECK(!same_bits(continuous.weights_of(c.name), b.weights_of(c.name)));
  }
}

TEST_CASE("reflection and projection keep every sign after every step, however large") {
  for (const std::string by : {"reflection", "projection"}) {
    for (const double rate : {0.05, 1.0, 30.0}) {
      Bench<double> bench(with_interneuron(k_continuous, by), k_mse, inputs(), targets());
      RuleOnNetwork<InterneuronBackprop, double> rule(bench, parameters({}));
      for (int i = 0; i < 40; ++i) {
        rule.step(rate);
        for (const Graph::Connection& c : bench.network.graph().connections) {
          if (c.is_bias) continue;
          const arma::mat w = bench.weights_of(c.name);
          CHECK_UNARY(c.name.find("interneuron>") == 0 ? w.max() <= 0 : w.min() >= 0);
        }
      }
    }
  }
}

TEST_CASE("signed inhibitory weights take the path of magnitudes that are subtracted") {
  for (const std::string by : {"reflection", "projection"}) {
    CAPTURE(by);
    Bench<double> bench(with_interneuron(k_continuous, by), k_mse, inputs(), targets());
    const Options options{.ordinary = 0.7, .excitatory = 0.3, .inhibitory = 1.5};
    RuleOnNetwork<InterneuronBackprop, double> rule(bench, parameters(options));
    const auto copy = [&](const char* name) -> arma::mat { return bench.weights_of(name) * 1.0; };
    arma::mat w1 = copy("input>hidden1"), w2 = copy("hidden1>hidden2"), w3 = copy("hidden2>output"),
              v = copy("input>interneuron"), u1 = -copy("interneuron>hidden1"),
              u2 = -copy("interneuron>hidden2"), u3 = -copy("interneuron>output"),
              b1 = copy("hidden1.bias"), b2 = copy("hidden2.bias"), b3 = copy("output.bias");
    const arma::mat x = inputs(), y = targets();
    const auto keep = [&](arma::mat& w) {
      w = by == "reflection" ? arma::mat(arma::abs(w)) : arma::mat(arma::clamp(w, 0, k_infinity));
    };
    const double rate = 0.5;
    bool was_reflected = false;
    for (int step = 0; step < 40; ++step) {
      rule.step(rate);
      // Forward with subtraction.
      const arma::mat s = v * x;
      arma::mat z1 = w1 * x - u1 * s, z2, z3;
      z1.each_col() += b1.col(0);
      const arma::mat a1 = arma::clamp(z1, 0, k_infinity);
      z2 = w2 * a1 - u2 * s;
      z2.each_col() += b2.col(0);
      const arma::mat a2 = arma::clamp(z2, 0, k_infinity);
      z3 = w3 * a2 - u3 * s;
      z3.each_col() += b3.col(0);
      arma::mat p = arma::exp(z3);
      p.each_row() /= arma::sum(p, 0).eval();
      // Backward: dL/dz3 = J (p - y) 2 / n, J = diag(p) - p pᵀ.
      arma::mat g3(p.n_rows, p.n_cols);
      for (arma::uword k = 0; k < p.n_cols; ++k) {
        const arma::mat jacobian = arma::diagmat(p.col(k)) - p.col(k) * p.col(k).t();
        g3.col(k) = jacobian * (p.col(k) - y.col(k)) * 2 / static_cast<double>(p.n_cols);
      }
      const arma::mat g2 = (w3.t() * g3) % arma::conv_to<arma::mat>::from(z2 > 0);
      const arma::mat g1 = (w2.t() * g2) % arma::conv_to<arma::mat>::from(z1 > 0);
      const arma::mat gs = -(u1.t() * g1 + u2.t() * g2 + u3.t() * g3);
      w1 -= rate * 0.7 * g1 * x.t();
      w2 -= rate * 0.7 * g2 * a1.t();
      w3 -= rate * 0.7 * g3 * a2.t();
      b1 -= rate * 0.7 * arma::sum(g1, 1);
      b2 -= rate * 0.7 * arma::sum(g2, 1);
      b3 -= rate * 0.7 * arma::sum(g3, 1);
      v -= rate * 0.3 * gs * x.t();
      u1 += rate * 1.5 * g1 * s.t();
      u2 += rate * 1.5 * g2 * s.t();
      u3 += rate * 1.5 * g3 * s.t();
      for (arma::mat* w : {&w1, &w2, &w3, &v, &u1, &u2, &u3}) {
        was_reflected = was_reflected || w->min() < 0;
        keep(*w);
      }
    }
    CHECK(was_reflected);
    CHECK(relative_error<double>(bench.weights_of("input>hidden1"), w1) < 1e-11);
    CHECK(relative_error<double>(bench.weights_of("hidden1>hidden2"), w2) < 1e-11);
    CHECK(relative_error<double>(bench.weights_of("hidden2>output"), w3) < 1e-11);
    CHECK(relative_error<double>(bench.weights_of("input>interneuron"), v) < 1e-11);
    CHECK(relative_error<double>(bench.weights_of("interneuron>hidden1"), -u1) < 1e-11);
    CHECK(relative_error<double>(bench.weights_of("interneuron>hidden2"), -u2) < 1e-11);
    CHECK(relative_error<double>(bench.weights_of("interneuron>output"), -u3) < 1e-11);
    CHECK(relative_error<double>(bench.weights_of("output.bias"), b3) < 1e-11);
  }
}

TEST_CASE("a surrogate slope is the derivative of z / (1 + exp(-slope (z - threshold)))") {
  const arma::mat x = inputs(1), y = targets(1);
  for (const double offset : {-0.2, 0.3}) {  // silent, and active
    Bench<double> probe(with_interneuron(k_continuous), k_mse, x, y);
    const double z = probe.activity.potential(2)[0], theta = z - offset, slope = 4;
    Bench<double> bench(with_interneuron(threshold(theta)), k_mse, x, y);
    RuleOnNetwork<InterneuronBackprop, double> smooth(
        bench, parameters({.slope = slope, .threshold = theta}));
    RuleOnNetwork<InterneuronBackprop, double> steep(
        bench, parameters({.slope = 1e4, .threshold = theta}));
    RuleOnNetwork<InterneuronBackprop, double> plain(bench, parameters({}));
    const auto unit = [&](double drive) { return drive / (1 + std::exp(slope * (theta - drive))); };
    const double derivative = (unit(z + 1e-5) - unit(z - 1e-5)) / 2e-5;
    // dL/dpost of the interneuron, from the changes of the biases of those that it inhibits.
    double grad_post = 0;
    for (const std::string to : {"hidden1", "hidden2", "output"}) {
      grad_post -= arma::dot(bench.weights_of("interneuron>" + to), plain.change(to + ".bias"));
    }
    REQUIRE(std::abs(grad_post) > 1e-6);
    CHECK(relative_error<double>(smooth.change("input>interneuron"),
                                 -grad_post * derivative * x.t()) < 1e-8);
    CHECK(relative_error(smooth.change("input>hidden1"), plain.change("input>hidden1")) == 0);
    CHECK(relative_error(steep.change("input>interneuron"), plain.change("input>interneuron")) <
          1e-12);
  }
}

TEST_CASE("a wrong interneuron or threshold is named") {
  Bench<double> bench(with_interneuron(threshold(0.5)), k_mse, inputs(), targets());
  const auto failure = [&](const Options& options) -> std::string {
    try {
      RuleOnNetwork<InterneuronBackprop, double> rule(bench, parameters(options));
      rule.propose();
    } catch (const Error& error) {
      return error.text();
    }
    return "";
  };
  CHECK(failure({}).empty());
  CHECK(failure({.slope = 2, .threshold = 0.5}).empty());
  CHECK(failure({.name = "basket"})
            .find("no layer 'basket' to be the interneuron; layers: one, "
                  "input, interneuron, hidden1") != std::string::npos);
  CHECK(failure({.name = "output"}).find("not an interneuron") != std::string::npos);
  CHECK(failure({.name = "input"}).find("not an interneuron") != std::string::npos);
  CHECK(failure({.slope = 2, .threshold = 9}).find("above the threshold given to the rule") !=
        std::string::npos);
}

TEST_CASE("an update allocates nothing after the first") {
  Bench<double> bench(with_interneuron(threshold(0.5)), k_mse, inputs(), targets());
  for (const double slope : {0.0, 3.0}) {
    RuleOnNetwork<InterneuronBackprop, double> rule(bench,
                                                    parameters({.slope = slope, .threshold = 0.5}));
    CHECK(count_allocations([&] { rule.propose(); }) == 0);
  }
}
